package io.zeptodb.engine.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.MemoryBudget;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions of deleted rows against bit sets: each keeps what it had. */
class DeletedRowsTest {
    private record Version(DeletedRows rows, Map<Integer, BitSet> model) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyVersionKeepsItsRows(long seed) {
        Random random = new Random(seed);
        int runs = 1 + random.nextInt(700);
        int rows = 1 << random.nextInt(17);
        try (MemoryBudget budget = new MemoryBudget(new RootAllocator())) {
            List<Version> versions = new ArrayList<>();
            versions.add(new Version(DeletedRows.NONE, new HashMap<>()));
            for (int step = 0; step < 30; step++) {
                Version base = versions.get(versions.size() - 1);
                DeletedRowsEditor editor = new DeletedRowsEditor(base.rows, budget);
                Map<Integer, BitSet> model = new HashMap<>();
                base.model.forEach((run, bits) -> model.put(run, (BitSet) bits.clone()));
                for (int i = random.nextInt(300); i > 0; i--) {
                    int run = random.nextInt(runs);
                    int row = random.nextInt(rows);
                    BitSet bits = model.computeIfAbsent(run, r -> new BitSet());
                    assertThat(editor.delete(run, row)).isNotEqualTo(bits.get(row));
                    bits.set(row);
                }
                if (random.nextInt(4) == 0) {
                    editor.abandon();
                } else {
                    versions.add(new Version(editor.finish(), model));
                }
            }
            for (Version version : versions) {
                check(version, runs, rows, random);
            }
            assertThat(budget.usedBytes()).isEqualTo(versions.get(versions.size() - 1).rows.bytes);
        }
    }

    private static void check(Version version, int runs, int rows, Random random) {
        long all = 0;
        for (int run = 0; run < runs; run++) {
            BitSet bits = version.model.getOrDefault(run, new BitSet());
            assertThat(version.rows.count(run)).isEqualTo(bits.cardinality());
            all += bits.cardinality();
            int from = random.nextInt(rows);
            int end = from + random.nextInt(rows - from + 1);
            int set = bits.nextSetBit(from);
            assertThat(version.rows.nextDeleted(run, from, end)).isEqualTo(set < 0 ? end : Math.min(set, end));
            assertThat(version.rows.nextLive(run, from, end)).isEqualTo(Math.min(bits.nextClearBit(from), end));
            int[] live =
                    IntStream.range(from, end).filter(row -> !bits.get(row)).toArray();
            assertThat(version.rows.countLive(run, from, end)).isEqualTo(live.length);
            checkCollected(version.rows, run, from, end, live, random);
            assertThat(version.rows.contains(run, from)).isEqualTo(bits.get(from));
        }
        assertThat(version.rows.count()).isEqualTo(all);
        assertThat(version.rows.isEmpty()).isEqualTo(all == 0);
    }

    private static void checkCollected(DeletedRows rows, int run, int from, int end, int[] live, Random random) {
        int base = random.nextInt(from + 1);
        int[] found = new int[live.length];
        int row = from;
        for (int at = 0; at < live.length; ) {
            int most = Math.min(live.length - at, 1 + random.nextInt(200));
            int[] part = new int[most];
            row = rows.collectLive(run, row, end, base, most, part);
            for (int each : part) {
                found[at++] = each + base;
            }
        }
        assertThat(found).isEqualTo(live);
    }

    @Test
    void oneRowOfManyMillionsCostsAFewKilobytes() {
        try (MemoryBudget budget = new MemoryBudget(new RootAllocator())) {
            DeletedRowsEditor all = new DeletedRowsEditor(DeletedRows.NONE, budget);
            for (int row = 0; row < 1 << 22; row++) {
                all.delete(0, row);
            }
            DeletedRows base = all.finish();
            DeletedRowsEditor one = new DeletedRowsEditor(base, budget);
            one.delete(0, 1 << 22);
            DeletedRows next = one.finish();
            DeletedRows.Run run = next.rows(0);
            int shared = 0;
            for (int chunk = 0; chunk < run.chunks.length; chunk++) {
                shared += chunk < base.rows(0).chunks.length && run.chunks[chunk] == base.rows(0).chunks[chunk] ? 1 : 0;
            }
            assertThat(shared).isEqualTo(run.chunks.length - 1);
            // a bit for each row, and little more
            assertThat(next.bytes).isBetween(1L << 19, (1L << 19) + (1 << 15));
        }
    }

    @Test
    void aVersionDoesNotKeepThoseBefore() throws InterruptedException {
        try (MemoryBudget budget = new MemoryBudget(new RootAllocator())) {
            List<WeakReference<DeletedRows>> before = new ArrayList<>();
            DeletedRows last = commits(50, budget, before);
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (kept(before) > 0 && System.nanoTime() < end) {
                System.gc();
                Thread.sleep(10);
            }
            assertThat(kept(before))
                    .as("versions that nobody reads, and that are kept")
                    .isZero();
            assertThat(last.count()).isEqualTo(50); // and this one is
        }
    }

    private static long kept(List<WeakReference<DeletedRows>> versions) {
        return versions.stream().filter(version -> version.get() != null).count();
    }

    /** Deletes a row in each, of a few runs of several pages, so that each shares something with those before. The last version. */
    private static DeletedRows commits(int count, MemoryBudget budget, List<WeakReference<DeletedRows>> before) {
        DeletedRows version = DeletedRows.NONE;
        for (int commit = 0; commit < count; commit++) {
            DeletedRowsEditor editor = new DeletedRowsEditor(version, budget);
            editor.delete(commit % 7 * 100, commit);
            if (commit > 0) {
                before.add(new WeakReference<>(version));
            }
            version = editor.finish();
        }
        return version;
    }

    @Test
    void moreThanTheBudgetIsRefused() {
        try (RootAllocator root = new RootAllocator(1 << 16);
                MemoryBudget budget = new MemoryBudget(root.newChildAllocator("t", 0, 1 << 16))) {
            DeletedRowsEditor editor = new DeletedRowsEditor(DeletedRows.NONE, budget);
            assertThatThrownBy(() -> {
                        for (int run = 0; run < 1 << 20; run++) {
                            editor.delete(run, 0);
                        }
                    })
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("out of memory");
            editor.abandon();
            assertThat(budget.usedBytes()).isZero();
        }
    }
}
