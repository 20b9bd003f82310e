package io.zeptodb.engine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompactionPolicyTest {
    private static final int SEAL_ROWS = 1 << 22;
    private static final long SMALL = SEAL_ROWS / 4;
    private static final CompactionPolicy USUAL = CompactionPolicy.ofSealRows(SEAL_ROWS);
    /** Small segments that a partition may keep. */
    private static final int MOST_SMALL = 12;

    private static List<Long> toMerge(Long... rows) {
        return USUAL.toMerge(List.of(rows), row -> row);
    }

    /** A partition to which segments come, as rounds of sealing and compaction leave it. */
    private static final class Partition {
        final List<Long> segments = new ArrayList<>();
        long written;
        long added;

        void add(long rows) {
            segments.add(rows);
            added += rows;
            List<Integer> places =
                    USUAL.toMerge(IntStream.range(0, segments.size()).boxed().toList(), segments::get);
            if (!places.isEmpty()) {
                int first = places.get(0);
                assertThat(places).hasSizeGreaterThanOrEqualTo(4);
                assertThat(places)
                        .isEqualTo(IntStream.range(first, first + places.size())
                                .boxed()
                                .toList());
                List<Long> merged = segments.subList(first, first + places.size());
                long sum = merged.stream().mapToLong(Long::longValue).sum();
                assertThat(sum).isLessThanOrEqualTo(SEAL_ROWS);
                merged.clear();
                segments.add(first, sum);
                written += sum;
            }
        }

        long small() {
            return segments.stream().filter(rows -> rows < SMALL).count();
        }
    }

    @Test
    void aLargeSegmentIsNotWrittenAnewForAFewRows() {
        assertThat(toMerge(1_000_000L, 1L, 1L, 1L)).isEmpty();
        assertThat(toMerge(1_000_000L, 1L, 1L, 1L, 1L)).containsExactly(1L, 1L, 1L, 1L);
        assertThat(toMerge(1_000_000L, 300_000L, 300_000L, 300_000L)).isEmpty();
        assertThat(toMerge(900_000L, 300_000L, 300_000L, 300_000L)).hasSize(4);
        assertThat(toMerge(1_000_000L, 1_000_000L, 1_000_000L)).isEmpty();
        assertThat(toMerge(1_000_000L, 1_000_000L, 1_000_000L, 1_000_000L)).hasSize(4);
        assertThat(toMerge(SMALL, SMALL, SMALL, SMALL, SMALL)).isEmpty();
        assertThat(toMerge()).isEmpty();
    }

    @Test
    void onlyNeighboursAreMerged() {
        assertThat(toMerge(5L, 5L, 5L, 600_000L, 5L)).isEmpty();
        assertThat(toMerge(5L, 600_000L, 5L, 5L, 5L)).isEmpty();
        assertThat(toMerge(7L, 600_000L, 5L, 5L, 6L, 5L, 2_000_000L, 5L)).containsExactly(5L, 5L, 6L, 5L);
        assertThat(toMerge(5L, 5L, 5L, Long.MAX_VALUE, 5L, 5L, 5L)).isEmpty();
    }

    @Test
    void aSliceThatGetsARowWithEveryCheckpointKeepsItsRowsWhereTheyAre() {
        Partition partition = new Partition();
        partition.add(1_000_000);
        for (int i = 0; i < 3000; i++) {
            partition.add(1);
            assertThat(partition.small()).isLessThanOrEqualTo(MOST_SMALL);
        }
        // each of three rounds writes a file of at most as many rows as came
        assertThat(partition.segments).contains(1_000_000L);
        assertThat(partition.written).isLessThan(3_000L * 3_000 / 2);
    }

    @Test
    void rowsAreWrittenAsOftenAsTheirSegmentDoubles() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int most = 1 << (10 + random.nextInt(10));
            Partition partition = new Partition();
            for (int i = 0; i < 5000; i++) {
                partition.add(USUAL.tinyRows() + random.nextInt(random.nextInt(50) == 0 ? most : most / 8));
                assertThat(partition.small()).as("seed %d", seed).isLessThanOrEqualTo(MOST_SMALL);
            }
            long doublings = 64L - Long.numberOfLeadingZeros(SEAL_ROWS / USUAL.tinyRows());
            assertThat(partition.written).as("seed %d", seed).isLessThan(partition.added * doublings);
        }
    }
}
