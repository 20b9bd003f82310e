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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What many keys cost over few: the same rows as 10 and as 1,000 keys. Sealed tables have the default partitions by hour, 24,000 runs of some
 * 42 rows for 1,000 keys, after CHECKPOINT. Hot ones have one partition, for a slice of thousands of rows is sealed as soon as
 * rows come for a later one: it would not stay hot.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ManyRunsBenchmark {
    private static final int ROWS = 1_000_000;
    private static final String SUMS = "SELECT sum(price), sum(volume) FROM ";
    private static final String SUMS_BY_KEY = "SELECT symbol, sum(price), sum(volume) FROM ";

    private Database database = Engine.open(Map.of());
    private Session session = database.openSession();
    private final PreparedQuery nothing = session.prepare("SELECT 1");
    private PreparedQuery sealed10Keys = nothing;
    private PreparedQuery sealed10Groups = nothing;
    private PreparedQuery sealed1000Keys = nothing;
    private PreparedQuery sealed1000Groups = nothing;
    private PreparedQuery hot10Keys = nothing;
    private PreparedQuery hot10Groups = nothing;
    private PreparedQuery hot1000Keys = nothing;
    private PreparedQuery hot1000Groups = nothing;

    @Setup(Level.Trial)
    public void fill() {
        fill("sealed_10", "", 10);
        fill("sealed_1000", "", 1_000);
        session.update("CHECKPOINT");
        fill("hot_10", "PARTITION BY symbol, DAY(ts)", 10);
        fill("hot_1000", "PARTITION BY symbol, DAY(ts)", 1_000);
        sealed10Keys = session.prepare(SUMS + "sealed_10");
        sealed10Groups = session.prepare(SUMS_BY_KEY + "sealed_10 GROUP BY symbol");
        sealed1000Keys = session.prepare(SUMS + "sealed_1000");
        sealed1000Groups = session.prepare(SUMS_BY_KEY + "sealed_1000 GROUP BY symbol");
        hot10Keys = session.prepare(SUMS + "hot_10");
        hot10Groups = session.prepare(SUMS_BY_KEY + "hot_10 GROUP BY symbol");
        hot1000Keys = session.prepare(SUMS + "hot_1000");
        hot1000Groups = session.prepare(SUMS_BY_KEY + "hot_1000 GROUP BY symbol");
        check();
    }

    private void fill(String table, String options, int keys) {
        Ticks.create(session, table, options);
        Ticks.append(database, table, ROWS, keys, Ticks.DAY_NANOS);
    }

    private void check() {
        QueryBenchmark.require(1, QueryBenchmark.drain(sealed10Keys));
        QueryBenchmark.require(10, QueryBenchmark.drain(sealed10Groups));
        QueryBenchmark.require(1, QueryBenchmark.drain(sealed1000Keys));
        QueryBenchmark.require(1_000, QueryBenchmark.drain(sealed1000Groups));
        QueryBenchmark.require(1, QueryBenchmark.drain(hot10Keys));
        QueryBenchmark.require(10, QueryBenchmark.drain(hot10Groups));
        QueryBenchmark.require(1, QueryBenchmark.drain(hot1000Keys));
        QueryBenchmark.require(1_000, QueryBenchmark.drain(hot1000Groups));
    }

    @TearDown(Level.Trial)
    public void close() {
        session.close();
        database.close();
    }

    @Benchmark
    public long scan10KeysSealed() {
        return QueryBenchmark.drain(sealed10Keys);
    }

    @Benchmark
    public long group10KeysSealed() {
        return QueryBenchmark.drain(sealed10Groups);
    }

    @Benchmark
    public long scan1000KeysSealed() {
        return QueryBenchmark.drain(sealed1000Keys);
    }

    @Benchmark
    public long group1000KeysSealed() {
        return QueryBenchmark.drain(sealed1000Groups);
    }

    @Benchmark
    public long scan10KeysHot() {
        return QueryBenchmark.drain(hot10Keys);
    }

    @Benchmark
    public long group10KeysHot() {
        return QueryBenchmark.drain(hot10Groups);
    }

    @Benchmark
    public long scan1000KeysHot() {
        return QueryBenchmark.drain(hot1000Keys);
    }

    @Benchmark
    public long group1000KeysHot() {
        return QueryBenchmark.drain(hot1000Groups);
    }
}
