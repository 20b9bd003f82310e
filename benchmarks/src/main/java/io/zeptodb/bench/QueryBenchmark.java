package io.zeptodb.bench;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ColumnView;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The query budgets of the design, by prepared SQL unless the name says API. Every answer is checked once before anything is measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class QueryBenchmark {
    private static final int ONE_KEY_ROWS = 100_000;
    private static final int ROWS = 1_000_000;

    private Database database = Engine.open(Map.of());
    private Session session = database.openSession();
    private PreparedQuery vwap = session.prepare("SELECT 1");
    private PreparedQuery filterSum = vwap;
    private PreparedQuery groupByKey = vwap;
    private PreparedQuery bars = vwap;
    private PreparedQuery asof = vwap;
    private PreparedQuery movingSum = vwap;
    private PreparedQuery movingSumOfDoubles = vwap;
    private PreparedQuery ema = vwap;
    private PreparedQuery movingMin = vwap;
    private PreparedQuery equality = vwap;
    private long number;

    @Setup(Level.Trial)
    public void fill() {
        Ticks.create(session, "one_key", "");
        Ticks.append(database, "one_key", ONE_KEY_ROWS, 1, Ticks.DAY_NANOS / 24);
        Ticks.create(session, "trades", "PARTITION BY symbol, DAY(ts)");
        Ticks.append(database, "trades", ROWS, 1_000, Ticks.DAY_NANOS);
        Ticks.create(session, "t100", "PARTITION BY symbol, DAY(ts)");
        Ticks.append(database, "t100", ROWS, 100, Ticks.DAY_NANOS);
        Ticks.create(session, "q100", "PARTITION BY symbol, DAY(ts)");
        Ticks.append(database, "q100", ROWS, 100, Ticks.DAY_NANOS - 1);
        prepare();
        check();
    }

    private void prepare() {
        vwap = session.prepare("SELECT vwap(price, volume) FROM one_key WHERE symbol = 'S0'");
        filterSum = session.prepare("SELECT sum(volume) FROM one_key WHERE symbol = 'S0' AND price > 150");
        groupByKey = session.prepare(
                "SELECT symbol, count(*), sum(volume), min(price), max(price) FROM trades GROUP BY symbol");
        bars = session.prepare(
                "SELECT symbol, xbar(ts, INTERVAL '5' MINUTE) AS bar, first(price), max(price), min(price),"
                        + " last(price), sum(volume) FROM t100 GROUP BY symbol, xbar(ts, INTERVAL '5' MINUTE)");
        asof = session.prepare("SELECT count(*), sum(t.price - q.price) FROM t100 t ASOF JOIN q100 q"
                + " ON t.symbol = q.symbol AND t.ts >= q.ts");
        movingSum = session.prepare("SELECT sum(m) FROM (SELECT sum(volume) OVER (PARTITION BY symbol ORDER BY ts"
                + " ROWS BETWEEN 19 PRECEDING AND CURRENT ROW) AS m FROM t100) w");
        movingSumOfDoubles = session.prepare(
                "SELECT sum(m) FROM (SELECT msum(price, 20) OVER (PARTITION BY symbol ORDER BY ts) AS m FROM t100) w");
        ema = session.prepare(
                "SELECT sum(m) FROM (SELECT ema(price, 20) OVER (PARTITION BY symbol ORDER BY ts) AS m FROM t100) w");
        movingMin = session.prepare(
                "SELECT sum(m) FROM (SELECT mmin(price, 20) OVER (PARTITION BY symbol ORDER BY ts) AS m FROM t100) w");
        equality = session.prepare("SELECT count(*), max(price) FROM trades WHERE symbol = ?");
    }

    /** What is measured must be right: rows that must come out, counted. */
    private void check() {
        require(1, drain(vwap));
        require(1, drain(filterSum));
        require(1_000, drain(groupByKey));
        require(100 * 288, drain(bars));
        require(1, drain(asof));
        require(1, drain(movingSum));
        require(1, drain(movingSumOfDoubles));
        require(1, drain(ema));
        require(1, drain(movingMin));
        require(ONE_KEY_ROWS, database.rowCount("one_key", "S0"));
    }

    static void require(long expected, long actual) {
        if (expected != actual) {
            throw new IllegalStateException("expected " + expected + " rows, got " + actual + ": not worth measuring");
        }
    }

    static long drain(PreparedQuery query, Object... parameters) {
        long rows = 0;
        try (BatchCursor cursor = query.query(List.of(parameters), ExecutionOptions.DEFAULT)) {
            while (cursor.next()) {
                rows += cursor.batch().getRowCount();
            }
        }
        return rows;
    }

    @TearDown(Level.Trial)
    public void close() {
        session.close();
        database.close();
    }

    @Benchmark
    public long countByApi() {
        return database.rowCount("trades");
    }

    @Benchmark
    public long countOfKeyByApi() {
        return database.rowCount("one_key", "S0");
    }

    @Benchmark
    public long columnViewByApi() {
        long rows = 0;
        for (ColumnView view : database.columnViews("one_key", "S0", "price")) {
            rows += view.rowCount();
            view.close();
        }
        return rows;
    }

    @Benchmark
    public long vwapOf100K() {
        return drain(vwap);
    }

    @Benchmark
    public long filterAndSum100K() {
        return drain(filterSum);
    }

    @Benchmark
    public long groupByKey1M() {
        return drain(groupByKey);
    }

    @Benchmark
    public long fiveMinuteBars1M() {
        return drain(bars);
    }

    @Benchmark
    public long asofJoin1M() {
        return drain(asof);
    }

    @Benchmark
    public long movingSum1M() {
        return drain(movingSum);
    }

    @Benchmark
    public long movingSumOfDoubles1M() {
        return drain(movingSumOfDoubles);
    }

    @Benchmark
    public long ema1M() {
        return drain(ema);
    }

    @Benchmark
    public long movingMin1M() {
        return drain(movingMin);
    }

    @Benchmark
    public long equalityOfKey1M() {
        return drain(equality, "S7");
    }

    /**
     * The text is new each time, so the cache does not know it. A plan runs through thousands of methods, a few times each: a JVM is warm for this
     * after some thousand plans, which is more than the warm-up of the others.
     */
    @Benchmark
    @Warmup(iterations = 10, time = 2)
    public String planForTheFirstTime() {
        number++;
        try (PreparedQuery query = session.prepare("SELECT symbol, sum(volume) AS v" + number
                + " FROM trades WHERE price > " + number + " GROUP BY symbol")) {
            return query.sql();
        }
    }

    @Benchmark
    public String planFromTheCache() {
        try (PreparedQuery query =
                session.prepare("SELECT symbol, sum(volume) FROM trades WHERE price > 1 GROUP BY symbol")) {
            return query.sql();
        }
    }
}
