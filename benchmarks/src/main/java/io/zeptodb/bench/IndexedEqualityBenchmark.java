package io.zeptodb.bench;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Equality of a column with an attribute over a million rows, by prepared SQL; each value is checked once before anything is measured. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class IndexedEqualityBenchmark {
    private static final long ROWS = 1_000_000;
    /** Prime to the number of rows: neighbours have values that are far apart, and each value comes once. */
    private static final long STEP = 7_919;

    private static final long PARTED_ROWS = 100;
    private static final long CHECKED_EVERY = 1_001;

    /** Whether the rows are sealed before. */
    @Param({"false", "true"})
    public boolean sealed;

    private final Database database = Engine.open(Map.of());
    private final Session session = database.openSession();
    private PreparedQuery grouped = session.prepare("SELECT 1");
    private PreparedQuery parted = grouped;
    private PreparedQuery sorted = grouped;
    private PreparedQuery intersected = grouped;
    private long next;

    @Setup(Level.Trial)
    public void fill() {
        session.update("CREATE TABLE orders (id BIGINT ATTRIBUTE GROUPED, batch BIGINT ATTRIBUTE PARTED,"
                + " seq BIGINT ATTRIBUTE SORTED, price DOUBLE, ts TIMESTAMP_NS)");
        session.update(
                "INSERT INTO orders WITH RECURSIVE r(n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM r"
                        + " WHERE n < 999) SELECT n * " + STEP + " % " + ROWS + ", n / " + PARTED_ROWS
                        + ", n, CAST(n AS DOUBLE), to_timestamp_ns(n) FROM (SELECT a.n * 1000 + b.n AS n FROM r a, r b) x ORDER BY n");
        if (sealed) {
            session.update("CHECKPOINT");
        }
        grouped = session.prepare("SELECT price FROM orders WHERE id = ?");
        parted = session.prepare("SELECT price FROM orders WHERE batch = ?");
        sorted = session.prepare("SELECT price FROM orders WHERE seq = ?");
        intersected = session.prepare("SELECT price FROM orders WHERE batch = ? AND id = ?");
        QueryBenchmark.require(ROWS, database.rowCount("orders"));
        for (long value = 0; value < ROWS; value += CHECKED_EVERY) {
            QueryBenchmark.require(1, QueryBenchmark.drain(grouped, value));
            QueryBenchmark.require(1, QueryBenchmark.drain(sorted, value));
            QueryBenchmark.require(PARTED_ROWS, QueryBenchmark.drain(parted, value / PARTED_ROWS));
            QueryBenchmark.require(1, QueryBenchmark.drain(intersected, value / PARTED_ROWS, value * STEP % ROWS));
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        session.close();
        database.close();
    }

    private long value() {
        next = (next + STEP) % ROWS;
        return next;
    }

    @Benchmark
    public long grouped1M() {
        return QueryBenchmark.drain(grouped, value());
    }

    @Benchmark
    public long parted1M() {
        return QueryBenchmark.drain(parted, value() / PARTED_ROWS);
    }

    @Benchmark
    public long sorted1M() {
        return QueryBenchmark.drain(sorted, value());
    }

    @Benchmark
    public long intersected1M() {
        long value = value();
        return QueryBenchmark.drain(intersected, value / PARTED_ROWS, value * STEP % ROWS);
    }
}
