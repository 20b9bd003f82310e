package io.zeptodb.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring Boot, with nothing but {@code spring.datasource} of the application. */
class SpringTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        Orders orders(JdbcTemplate template) {
            return new Orders(template);
        }
    }

    /** A service of the application. */
    static class Orders {
        private final JdbcTemplate template;

        Orders(JdbcTemplate template) {
            this.template = template;
        }

        @Transactional
        public void place(long id, boolean fails) {
            template.update("INSERT INTO orders VALUES (?, ?)", id, "new");
            if (fails) {
                throw new IllegalStateException("out of stock");
            }
        }
    }

    record Tick(String symbol, double price, LocalDateTime ts) {}

    private static ConfigurableApplicationContext start(String url) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .bannerMode(org.springframework.boot.Banner.Mode.OFF)
                .logStartupInfo(false)
                .properties(
                        "spring.datasource.url=" + url,
                        "spring.datasource.driver-class-name=io.zeptodb.jdbc.ZeptoDriver",
                        "spring.datasource.hikari.maximum-pool-size=4")
                .run();
    }

    @TestFactory
    List<DynamicTest> templatesReadAndWrite() {
        return Places.both(url -> {
            try (ConfigurableApplicationContext context = start(url)) {
                assertThat(context.getBean(DataSource.class)).isInstanceOf(HikariDataSource.class);
                JdbcTemplate template = context.getBean(JdbcTemplate.class);
                template.execute("CREATE TABLE ticks (symbol SYMBOL, price DOUBLE, ts TIMESTAMP)");
                LocalDateTime ts = LocalDateTime.of(2024, 8, 9, 10, 0, 0, 123_456_789);
                int[] counts = template.batchUpdate(
                        "INSERT INTO ticks VALUES (?, ?, ?)",
                        List.of(new Object[] {"A", 1.5, ts}, new Object[] {"B", 2.5, ts.plusSeconds(1)}));
                assertThat(counts).containsExactly(1, 1);
                assertThat(template.queryForObject("SELECT max(price) FROM ticks", Double.class))
                        .isEqualTo(2.5);
                NamedParameterJdbcTemplate named = context.getBean(NamedParameterJdbcTemplate.class);
                assertThat(named.queryForList(
                                "SELECT symbol FROM ticks WHERE symbol IN (:symbols) AND price > :price",
                                Map.of("symbols", List.of("A", "B", "C"), "price", 2.0),
                                String.class))
                        .containsExactly("B");
                JdbcClient client = context.getBean(JdbcClient.class);
                assertThat(client.sql("SELECT symbol, price, ts FROM ticks WHERE symbol = :symbol")
                                .param("symbol", "A")
                                .query(Tick.class)
                                .single())
                        .isEqualTo(new Tick("A", 1.5, ts));
                assertThat(client.sql("DELETE FROM ticks WHERE price < ?")
                                .param(2)
                                .update())
                        .isEqualTo(1);
            }
        });
    }

    @TestFactory
    List<DynamicTest> transactionsAreRolledBack() {
        return Places.both(url -> {
            try (ConfigurableApplicationContext context = start(url)) {
                JdbcTemplate template = context.getBean(JdbcTemplate.class);
                template.execute("CREATE TABLE orders (id BIGINT, state VARCHAR)");
                Orders orders = context.getBean(Orders.class);
                orders.place(1, false);
                assertThatThrownBy(() -> orders.place(2, true)).isInstanceOf(IllegalStateException.class);
                TransactionTemplate transaction =
                        new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
                transaction.executeWithoutResult(status -> {
                    template.update("INSERT INTO orders VALUES (3, 'new')");
                    assertThat(template.queryForObject("SELECT count(*) FROM orders", Long.class))
                            .isEqualTo(2);
                    status.setRollbackOnly();
                });
                TransactionTemplate reading =
                        new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
                reading.setReadOnly(true);
                assertThat(reading.<Long>execute(
                                status -> template.queryForObject("SELECT sum(id) FROM orders", Long.class)))
                        .isEqualTo(1);
            }
        });
    }

    @TestFactory
    List<DynamicTest> errorsAreSpringsOwn() {
        return Places.both(url -> {
            try (ConfigurableApplicationContext context = start(url)) {
                JdbcTemplate template = context.getBean(JdbcTemplate.class);
                assertThatThrownBy(() -> template.queryForList("SELEC 1")).isInstanceOf(BadSqlGrammarException.class);
                assertThatThrownBy(() -> template.queryForList("SELECT * FROM nowhere"))
                        .isInstanceOf(BadSqlGrammarException.class);
                template.execute("CREATE TABLE orders (id BIGINT, state VARCHAR)");
                template.update("INSERT INTO orders VALUES (1, 'new')");
                JdbcTemplate hurried = new JdbcTemplate(context.getBean(DataSource.class));
                hurried.setQueryTimeout(1);
                assertThatThrownBy(() -> hurried.queryForList(
                                "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n > 0)"
                                        + " SELECT count(*) FROM r WHERE n < 0"))
                        .isInstanceOf(QueryTimeoutException.class);
                TransactionTemplate transaction =
                        new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
                assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                            template.update("UPDATE orders SET state = 'mine' WHERE id = 1");
                            try (Connection other = context.getBean(DataSource.class)
                                            .unwrap(HikariDataSource.class)
                                            .getConnection();
                                    Statement statement = other.createStatement()) {
                                statement.executeUpdate("UPDATE orders SET state = 'theirs' WHERE id = 1");
                            } catch (java.sql.SQLException e) {
                                throw new AssertionError(e);
                            }
                        }))
                        .isInstanceOf(ConcurrencyFailureException.class);
                assertThat(template.queryForObject("SELECT state FROM orders", String.class))
                        .isEqualTo("theirs");
            }
        });
    }
}
