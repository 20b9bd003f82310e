package io.zeptodb.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.CrashDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A log whose syncs and marks come at any time, in the middle of transactions too, as those of other threads do. */
class WalWriterTest {
    private static final UUID DATABASE = new UUID(1, 2);
    private static final int KIND = 3;
    private static final int SEEDS = Integer.getInteger("wal.seeds", 1500);

    /** Files of some records, pieces of one or two. */
    private static final LogSizes SMALL = new LogSizes(2048, 128, 256, 1 << 20, Long.MAX_VALUE);

    private static WalWriter open(CrashDirectory disk, LogSizes sizes) {
        return new WalWriter(disk, DATABASE, new WalWriter.Start(1, 0, 0), SyncMode.FSYNC, sizes);
    }

    private static void put(WalWriter log, long value, int bytes) {
        log.beginFrame(KIND).putLong(value).putBytes(new byte[bytes]);
        log.endFrame();
    }

    /** Values of the transactions that are whole. */
    private static List<Long> read(CrashDirectory disk, WalReader.Mark mark) {
        List<Long> committed = new ArrayList<>();
        WalReader.read(disk, DATABASE, 1, mark, new WalReader.Handler() {
            private final List<Long> open = new ArrayList<>();

            @Override
            public void begin(long readableFrom) {
                open.clear();
            }

            @Override
            public void record(int kind, ByteReader payload, long frameNumber) {
                open.add(payload.getLong());
            }

            @Override
            public void commit(long frameNumber) {
                committed.addAll(open);
            }

            @Override
            public void abandon() {
                open.clear();
            }
        });
        return committed;
    }

    @Test
    void whatAnOpenTransactionHasWrittenIsNotPartOfTheMark() {
        CrashDirectory disk = new CrashDirectory();
        WalReader.Mark mark;
        try (WalWriter log = open(disk, new LogSizes(1 << 20, 128, 256, 1 << 20, Long.MAX_VALUE))) {
            put(log, 1, 10);
            log.commit();
            for (int i = 0; i < 100; i++) {
                put(log, -1, 50);
            }
            log.flush(log.position()); // by the thread that has committed
            mark = log.mark();
            log.abort();
        }
        assertThat(mark.length()).isEqualTo(disk.length(WalFile.name(1)));
        assertThat(read(disk.kill(), mark)).containsExactly(1L);
    }

    @Test
    void everyFlushedTransactionIsReadAgainAfterACrash() {
        for (int seed = 0; seed < SEEDS; seed++) {
            new Script(seed).run();
        }
    }

    private static final class Script {
        private final Random random;
        private final int seed;
        private final CrashDirectory disk = new CrashDirectory();
        private final WalWriter log = open(disk, SMALL);
        private final List<Long> committed = new ArrayList<>();
        private int flushed;
        private WalReader.Mark mark = WalReader.Mark.NONE;
        private long next;

        Script(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() {
            int steps = 1 + random.nextInt(12);
            for (int i = 0; i < steps; i++) {
                if (random.nextInt(6) == 0) {
                    log.rotate();
                }
                transaction(random.nextInt(3) == 0 ? 1 + random.nextInt(30) : 1, random.nextInt(3) == 0);
                maybeSync();
            }
            check(disk.kill(), committed.size());
            check(disk.crash(seed), flushed);
        }

        private void transaction(int records, boolean isGivenUp) {
            List<Long> values = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                values.add(next++);
                put(log, values.get(i), random.nextInt(120));
                maybeSync();
            }
            if (isGivenUp) {
                log.abort();
            } else {
                log.commit();
                committed.addAll(values);
            }
        }

        private void maybeSync() {
            if (random.nextInt(4) == 0) {
                int all = committed.size();
                log.sync();
                flushed = all;
            }
            if (random.nextInt(6) == 0) {
                mark = log.mark();
            }
        }

        private void check(CrashDirectory left, int least) {
            List<Long> found = read(left, mark);
            assertThat(found).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(least);
            assertThat(committed.subList(0, found.size())).as("seed %d", seed).isEqualTo(found);
        }
    }
}
