package io.zeptodb.bench.tpch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The 22 queries of TPC-H, with DuckDB as the judge. {@code -Dtpch.scale=0.1} asks for more rows than the gate has time for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TpchTest {
    private static final String IN_THE_GATE = "0.01";

    /** What may find no row among few: a large order, a part's cheapest supplier, suppliers in one nation. */
    private static final List<Integer> RARE = List.of(2, 8, 18, 20, 21);

    private Connection zepto;
    private Connection duck;

    @BeforeAll
    void load() throws SQLException, IOException {
        zepto = DriverManager.getConnection("jdbc:zepto:?threads=2");
        duck = DriverManager.getConnection("jdbc:duckdb:");
        TpchTables.create(Double.parseDouble(System.getProperty("tpch.scale", IN_THE_GATE)), zepto, duck);
    }

    @AfterAll
    void close() throws SQLException {
        duck.close();
        zepto.close();
    }

    static List<Integer> queries() {
        return TpchTables.allQueries();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void answersAreDuckDbs(int query) throws SQLException {
        String sql = TpchTables.query(query);
        TpchAnswer expected = TpchAnswer.of(duck, sql);
        assertNull(TpchAnswer.of(zepto, sql).difference(expected));
        assertFalse(expected.rows().isEmpty() && !RARE.contains(query), "nothing was compared");
    }
}
