package io.zeptodb.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.connectors.TickMapper.Tick;
import java.time.LocalDateTime;
import java.util.List;
import org.apache.ibatis.datasource.pooled.PooledDataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** MyBatis with its own pool, a mapper of annotations and XML, and its type handlers of java.time. */
class MyBatisTest {
    private static final LocalDateTime START = LocalDateTime.of(2024, 8, 9, 10, 0, 0, 123_456_789);

    private static Tick tick(String symbol, double price, LocalDateTime ts) {
        Tick tick = new Tick();
        tick.symbol = symbol;
        tick.price = price;
        tick.ts = ts;
        tick.day = ts.toLocalDate();
        tick.clock = ts.toLocalTime();
        return tick;
    }

    @TestFactory
    List<DynamicTest> mappersReadAndWrite() {
        return Places.both(url -> {
            PooledDataSource pool = new PooledDataSource("io.zeptodb.jdbc.ZeptoDriver", url, null, null);
            Configuration configuration =
                    new Configuration(new Environment("test", new JdbcTransactionFactory(), pool));
            configuration.addMapper(TickMapper.class);
            SqlSessionFactory factory = new SqlSessionFactoryBuilder().build(configuration);
            try (SqlSession session = factory.openSession(true)) {
                session.getConnection()
                        .createStatement()
                        .execute(
                                "CREATE TABLE ticks (symbol SYMBOL, price DOUBLE, ts TIMESTAMP, day DATE, clock TIME)");
            }
            try (SqlSession session = factory.openSession()) {
                assertThat(session.getMapper(TickMapper.class).insert(tick("A", 1, START)))
                        .isEqualTo(1);
                session.commit();
                session.getMapper(TickMapper.class).insert(tick("A", 9, START));
                session.rollback();
            }
            try (SqlSession batch = factory.openSession(ExecutorType.BATCH)) {
                for (int i = 0; i < 100; i++) {
                    batch.getMapper(TickMapper.class).insert(tick("B", i, START.plusSeconds(i)));
                }
                batch.commit();
            }
            try (SqlSession session = factory.openSession()) {
                TickMapper ticks = session.getMapper(TickMapper.class);
                Tick only = ticks.of("A").get(0);
                assertThat(ticks.of("A")).hasSize(1);
                assertThat(only.ts).isEqualTo(START);
                assertThat(only.day).isEqualTo(START.toLocalDate());
                assertThat(only.clock).isEqualTo(START.toLocalTime());
                assertThat(ticks.above(List.of("B", "C"), 97)).hasSize(2);
                assertThat(ticks.above(null, -1)).hasSize(101);
                assertThat(ticks.raise("B", 100)).isEqualTo(100);
                assertThat(ticks.above(List.of("B"), 197)).hasSize(2);
                session.commit();
            } finally {
                pool.forceCloseAll();
            }
        });
    }
}
