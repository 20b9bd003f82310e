package io.zeptodb.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.connectors.hibernate.ZeptoDialect;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.LocalDateTime;
import java.util.List;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Hibernate with our dialect. */
class HibernateTest {
    private static final LocalDateTime START = LocalDateTime.of(2024, 8, 9, 10, 0, 0, 123_456_789);

    private static SessionFactory factory(String url, String schema) {
        return new Configuration()
                .addAnnotatedClass(Trade.class)
                .setProperty("hibernate.connection.url", url)
                .setProperty("hibernate.dialect", ZeptoDialect.class.getName())
                .setProperty("hibernate.hbm2ddl.auto", schema)
                .setProperty("hibernate.hbm2ddl.halt_on_error", "true")
                .setProperty("hibernate.jdbc.batch_size", "50")
                .buildSessionFactory();
    }

    @TestFactory
    List<DynamicTest> entitiesAreKeptAndFound() {
        return Places.both(url -> {
            try (SessionFactory factory = factory(url, "create")) {
                factory.inTransaction(session -> {
                    for (int i = 0; i < 120; i++) {
                        session.persist(new Trade(
                                START.plusNanos(i), i % 3 == 0 ? "A" : "B", new BigDecimal(i).movePointLeft(2), i));
                    }
                });
                factory.inTransaction(session -> {
                    Trade found = session.find(Trade.class, new Trade.Key(START.plusNanos(7), "B"));
                    assertThat(found.price).isEqualByComparingTo("0.07");
                    assertThat(found.payload).containsExactly(7);
                    assertThat(found.odd).isTrue();
                    found.volume = 1_000;
                });
                factory.inSession(session -> {
                    assertThat(session
                                    .createQuery(
                                            "select t.symbol, count(*), max(t.volume), sum(t.price) from Trade t"
                                                    + " where t.ts >= :from group by t.symbol order by t.symbol",
                                            Object[].class)
                                    .setParameter("from", START)
                                    .list()
                                    .stream()
                                    .map(row -> row[0] + " " + row[1] + " " + row[2] + " "
                                            + ((BigDecimal) row[3]).setScale(2))
                                    .toList())
                            .containsExactly("A 40 117 23.40", "B 80 1000 48.00");
                    assertThat(session
                                    .createQuery(
                                            "from Trade t where lower(t.symbol) like :s order by t.ts", Trade.class)
                                    .setParameter("s", "a%")
                                    .setFirstResult(10)
                                    .setMaxResults(5)
                                    .list()
                                    .stream()
                                    .map(trade -> trade.volume)
                                    .toList())
                            .containsExactly(30L, 33L, 36L, 39L, 42L);
                    assertThat(session.createQuery(
                                            "select count(*) from Trade t where t.volume = (select max(u.volume) from Trade u)"
                                                    + " and extract(year from t.ts) = 2024 and t.symbol in ('A', 'B')",
                                            Long.class)
                                    .uniqueResult())
                            .isEqualTo(1);
                });
                assertThatThrownBy(() -> factory.inTransaction(session -> {
                            session.createMutationQuery("update Trade set volume = 0")
                                    .executeUpdate();
                            throw new IllegalStateException("no");
                        }))
                        .isInstanceOf(IllegalStateException.class);
                factory.inTransaction(session -> {
                    assertThat(session.createMutationQuery("delete from Trade where volume > 100")
                                    .executeUpdate())
                            .isEqualTo(20);
                });
            }
            try (SessionFactory same = factory(url, "validate")) {
                same.inSession(session -> assertThat(session.createQuery("select count(*) from Trade", Long.class)
                                .uniqueResult())
                        .isEqualTo(100));
            }
            try (Connection connection = DriverManager.getConnection(url)) {
                connection.createStatement().execute("ALTER TABLE trade DROP COLUMN weight");
            }
            assertThatThrownBy(() -> factory(url, "validate").close()).hasMessageContaining("weight");
            try (SessionFactory updated = factory(url, "update")) {
                updated.inSession(session -> assertThat(
                                session.createQuery("select count(*) from Trade where weight is null", Long.class)
                                        .uniqueResult())
                        .isEqualTo(100));
            }
        });
    }
}
