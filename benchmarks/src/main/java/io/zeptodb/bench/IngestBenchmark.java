package io.zeptodb.bench;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Rows a second into a table in memory; what was stored is counted after each run. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class IngestBenchmark {
    private static final int ROWS = 1 << 20;
    private static final int KEYS = 50;
    private static final int BATCH_ROWS = 1 << 16;

    private Database database = Engine.open(Map.of());
    private Session session = database.openSession();
    private final List<VectorSchemaRoot> batches = new ArrayList<>();
    private final int[] codes = new int[KEYS];

    @Setup(Level.Trial)
    public void makeBatches() {
        SplittableRandom random = new SplittableRandom(7);
        for (int from = 0; from < ROWS; from += BATCH_ROWS) {
            batches.add(Ticks.batch(database, random, from, BATCH_ROWS, ROWS, KEYS, Ticks.DAY_NANOS / 24));
        }
    }

    @Setup(Level.Invocation)
    public void createTable() {
        Ticks.create(session, "trades", "");
    }

    @TearDown(Level.Invocation)
    public void dropTable() {
        long stored = database.rowCount("trades");
        if (stored != ROWS) {
            throw new IllegalStateException("stored " + stored + " of " + ROWS + " rows: not worth measuring");
        }
        session.update("DROP TABLE trades");
    }

    @TearDown(Level.Trial)
    public void close() {
        batches.forEach(VectorSchemaRoot::close);
        session.close();
        database.close();
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public long rowByRow() {
        try (Pipeline pipeline = database.openPipeline("trades", PipelineOptions.DEFAULT)) {
            for (int i = 0; i < KEYS; i++) {
                codes[i] = pipeline.symbol(0, Ticks.name(i));
            }
            try (RowWriter writer = pipeline.newWriter()) {
                int key = 0;
                for (int i = 0; i < ROWS; i++) {
                    writer.setSymbol(0, codes[key])
                            .setDouble(1, 100 + (i & 1023))
                            .setLong(2, i & 511)
                            .setLong(3, Ticks.DAY + i * 1_000L)
                            .append();
                    key = key + 1 == KEYS ? 0 : key + 1;
                }
            }
            return pipeline.drain();
        }
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public long columnBatches() {
        long rows = 0;
        for (VectorSchemaRoot batch : batches) {
            rows += database.append("trades", batch);
        }
        return rows;
    }
}
