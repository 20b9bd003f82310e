package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * * Every aggregate over random rows with NULLs and ties, grouped, filtered and not, beside DuckDB, which says some of them in other words; {@code
 * -Daggregate.seeds=} tables from {@code -Dseed=} on.
 */
class AggregateOracleTest {
    private static final int SEEDS = Integer.getInteger("aggregate.seeds", 1);
    private static final long FIRST_SEED = Long.getLong("seed", 1L);
    private static final int CALLS_A_QUERY = 4;

    /** What is asked of us, and of DuckDB; F stands for the filter. */
    private record Call(String ours, String theirs) {
        static Call same(String text) {
            return new Call(text, text);
        }
    }

    private static final String[] GROUPS = {"k", "i % 3", "b"};
    private static final String[] FILTERS = {"", " FILTER (WHERE id % 3 <> 1)", " FILTER (WHERE i > 2)"};

    private static List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        for (String name :
                List.of("stddev", "stddev_pop", "variance", "var_pop", "median", "sum", "avg", "min", "max")) {
            calls.add(Call.same(name + "(d)F"));
            calls.add(Call.same(name + "(j)F"));
            calls.add(Call.same(name + "(DISTINCT i)F"));
        }
        for (String name : List.of(
                "corr",
                "covar_pop",
                "covar_samp",
                "regr_count",
                "regr_avgx",
                "regr_avgy",
                "regr_sxx",
                "regr_syy",
                "regr_sxy")) {
            calls.add(Call.same(name + "(d, id)F"));
        }
        for (String name : List.of("regr_slope", "regr_intercept", "regr_r2")) {
            calls.add(Call.same(name + "(d, id)F"));
        }
        calls.add(Call.same("skewness(id)F"));
        calls.add(Call.same("kurtosis(id)F"));
        calls.add(Call.same("quantile_cont(d, 0.3)F"));
        calls.add(Call.same("quantile_disc(i, 0.7)F"));
        calls.add(Call.same("bool_and(b)F"));
        calls.add(Call.same("bool_or(b)F"));
        calls.add(Call.same("bit_and(i)F"));
        calls.add(Call.same("bit_or(i)F"));
        calls.add(Call.same("bit_xor(i)F"));
        calls.add(Call.same("string_agg(s, ',' ORDER BY id)F"));
        calls.add(Call.same("first(d ORDER BY id)F"));
        calls.add(Call.same("last(s ORDER BY id)F"));
        calls.add(new Call("approx_percentile(d, 0.4)F", "quantile_cont(d, 0.4)F"));
        calls.add(new Call("approx_count_distinct(s)F", "count(DISTINCT s)F"));
        calls.add(new Call("arg_max(s, id)F", "arg_max_null(s, id)F"));
        calls.add(new Call("arg_min(d, id)F", "arg_min_null(d, id)F"));
        calls.add(new Call(
                "array_to_string(array_agg(i ORDER BY id)F, ',')",
                "CASE WHEN count(*)F > 0 THEN coalesce(array_to_string(list(i ORDER BY id)F, ','), '') END"));
        calls.add(new Call("cardinality(array_agg(s)F)", "len(list(s)F)"));
        calls.add(new Call("(array_agg(s ORDER BY id DESC)F)[2]", "(list(s ORDER BY id DESC)F)[2]"));
        calls.add(new Call("cardinality(histogram(i)F)", "nullif(count(DISTINCT i)F, 0)"));
        calls.add(new Call("(ohlc(d, j)F).high", "max(d)F"));
        calls.add(new Call("(ohlc(d, j)F).low", "min(d)F"));
        calls.add(new Call("(ohlc(d, j)F).count", "nullif(count(d)F, 0)"));
        return calls;
    }

    private final SplittableRandom random = new SplittableRandom(FIRST_SEED);

    @Test
    void aggregatesAnswerAsInDuckDb() throws SQLException {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try (BesideDuckDb both = new BesideDuckDb(Map.of("threads", seed % 2 == 0 ? "1" : "2"))) {
                both.run(RandomTables.statements(seed), 0);
                if (seed % 3 == 0) {
                    both.session().update("CHECKPOINT");
                }
                compareAll(both.session(), both.duck(), seed);
                compareOrdered(both.session(), both.duck(), seed);
            }
        }
    }

    private void compareAll(Session session, Connection duck, long seed) throws SQLException {
        List<Call> calls = calls();
        for (int from = 0; from < calls.size(); from += CALLS_A_QUERY) {
            List<Call> some = calls.subList(from, Math.min(calls.size(), from + CALLS_A_QUERY));
            String filter = FILTERS[random.nextInt(FILTERS.length)];
            String group = GROUPS[random.nextInt(GROUPS.length)];
            for (String tail : List.of("", " GROUP BY " + group)) {
                String head = tail.isEmpty() ? "SELECT " : "SELECT " + group + ", ";
                String ours = head + text(some, true, filter) + " FROM t1" + tail;
                String theirs = head + text(some, false, filter) + " FROM t1" + tail;
                compare(session, duck, ours, theirs, seed);
            }
        }
    }

    private static String text(List<Call> calls, boolean ours, String filter) {
        List<String> texts = new ArrayList<>();
        calls.forEach(call -> texts.add((ours ? call.ours : call.theirs).replace(")F", ")" + filter)));
        return String.join(", ", texts);
    }

    /** What goes by time, and arrays as rows. */
    private static void compareOrdered(Session session, Connection duck, long seed) throws SQLException {
        String ticks =
                "(SELECT ts, max(d) AS d, max(j) AS j FROM t1 WHERE ts IS NOT NULL AND d IS NOT NULL GROUP BY ts) AS ticks";
        compare(
                session,
                duck,
                "SELECT twap(d, ts) FROM " + ticks,
                "SELECT sum(d * w) / sum(w) FROM (SELECT d, epoch_ns(lead(ts) OVER (ORDER BY ts)) - epoch_ns(ts) AS w FROM "
                        + ticks + ") AS held",
                seed);
        compare(
                session,
                duck,
                "SELECT vwap(d, j) FROM " + ticks,
                "SELECT sum(d * j) / nullif(sum(j), 0) FROM " + ticks + " WHERE j IS NOT NULL",
                seed);
        compare(
                session,
                duck,
                "SELECT b.open, b.close FROM (SELECT ohlc(d, j, ts) AS b FROM " + ticks + ") AS bars",
                "SELECT first(d ORDER BY ts), last(d ORDER BY ts) FROM " + ticks,
                seed);
        compare(
                session,
                duck,
                "SELECT k, x, n FROM (SELECT k, array_agg(i ORDER BY id) AS a FROM t1 GROUP BY k) AS v, UNNEST(v.a) WITH ORDINALITY AS u(x, n)",
                "SELECT k, i, row_number() OVER (PARTITION BY k ORDER BY id) FROM t1",
                seed);
        compare(
                session,
                duck,
                "SELECT h.value, h.count FROM (SELECT histogram(i) AS a FROM t1) AS v, UNNEST(v.a) AS h(value, count)",
                "SELECT i, count(*) FROM t1 WHERE i IS NOT NULL GROUP BY i",
                seed);
    }

    private static void compare(Session session, Connection duck, String ours, String theirs, long seed)
            throws SQLException {
        List<String> expected = DuckDbAnswer.rows(duck, theirs);
        assertNull(
                AnswerDifference.of(expected, SpecAnswer.rows(session, ours), false),
                () -> "seed " + seed + ": " + ours + " beside " + theirs);
    }
}
