package io.zeptodb.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.avg;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.rowNumber;
import static org.jooq.impl.DSL.table;

import java.sql.Connection;
import java.sql.DriverManager;
import java.time.LocalDateTime;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** jOOQ with the dialect of PostgreSQL, which comes nearest, over tables that no code was generated of. */
class JooqTest {
    private static final Table<Record> TICKS = table(name("ticks"));
    private static final Field<String> SYMBOL = field(name("symbol"), SQLDataType.VARCHAR);
    private static final Field<Double> PRICE = field(name("price"), SQLDataType.DOUBLE);
    private static final Field<LocalDateTime> TS = field(name("ts"), SQLDataType.LOCALDATETIME(9));
    private static final LocalDateTime START = LocalDateTime.of(2024, 8, 9, 10, 0, 0, 123_456_789);

    record Tick(String symbol, double price, LocalDateTime ts) {}

    @TestFactory
    List<DynamicTest> statementsAreBuilt() {
        return Places.both(url -> {
            try (Connection connection = DriverManager.getConnection(url)) {
                DSLContext dsl = DSL.using(connection, SQLDialect.POSTGRES);
                dsl.createTable(TICKS).column(SYMBOL).column(PRICE).column(TS).execute();
                int stored = dsl.insertInto(TICKS, SYMBOL, PRICE, TS)
                        .values("A", 1.0, START)
                        .values("B", 2.0, START.plusSeconds(1))
                        .execute();
                assertThat(stored).isEqualTo(2);
                int[] counts = dsl.batch(
                                dsl.insertInto(TICKS, SYMBOL, PRICE, TS).values((String) null, null, null))
                        .bind("A", 3.0, START.plusSeconds(2))
                        .bind("C", 4.0, START.plusSeconds(3))
                        .execute();
                assertThat(counts).containsExactly(1, 1);
                assertThat(dsl.selectFrom(TICKS).where(TS.eq(START)).fetchInto(Tick.class))
                        .containsExactly(new Tick("A", 1.0, START));
                assertThat(dsl.select(SYMBOL, avg(PRICE), count())
                                .from(TICKS)
                                .groupBy(SYMBOL)
                                .having(count().gt(1))
                                .fetchOne()
                                .intoList())
                        .hasToString("[A, 2, 2]");
                assertThat(dsl.select(PRICE)
                                .from(TICKS)
                                .orderBy(PRICE.desc())
                                .limit(2)
                                .offset(1)
                                .fetch(PRICE))
                        .containsExactly(3.0, 2.0);
                assertThat(dsl.select(
                                        PRICE,
                                        rowNumber()
                                                .over()
                                                .partitionBy(SYMBOL)
                                                .orderBy(TS)
                                                .as("n"))
                                .from(TICKS)
                                .orderBy(TS)
                                .fetch("n", Integer.class))
                        .containsExactly(1, 1, 2, 1);
                assertThat(dsl.update(TICKS)
                                .set(PRICE, PRICE.plus(1))
                                .where(SYMBOL.in("A", "B"))
                                .execute())
                        .isEqualTo(3);
                assertThat(dsl.fetchOne("SELECT sum(price) AS s FROM ticks WHERE symbol = ?", "A")
                                .get("s", Double.class))
                        .isEqualTo(6.0);
                assertThatThrownBy(() -> dsl.transaction(inner -> {
                            inner.dsl().deleteFrom(TICKS).execute();
                            throw new IllegalStateException("no");
                        }))
                        .isInstanceOf(IllegalStateException.class);
                assertThat(dsl.fetchCount(TICKS)).isEqualTo(4);
                assertThatThrownBy(() -> dsl.fetch("SELECT nothing FROM ticks"))
                        .isInstanceOf(DataAccessException.class)
                        .extracting(e -> ((DataAccessException) e).sqlState())
                        .isEqualTo("42703");
                dsl.dropTable(TICKS).execute();
                // jOOQ's own look at the catalog wants PostgreSQL's tables; with no dialect it asks JDBC
                assertThat(DSL.using(connection, SQLDialect.DEFAULT).meta().getTables("ticks"))
                        .isEmpty();
            }
        });
    }
}
