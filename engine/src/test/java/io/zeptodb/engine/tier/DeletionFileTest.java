package io.zeptodb.engine.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.Manifest.DeletedRowsFile;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.partition.DeletedRows;
import io.zeptodb.engine.partition.DeletedRowsMaker;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.store.OutputFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DeletionFileTest {
    private static final int ROWS = 400_000;
    private static final long RUN = 1L << 32;

    private static SegmentMetadata segment(long number) {
        return new SegmentMetadata(
                number,
                new SegmentMetadata.Contents(SegmentMetadata.fileName(number), 1, 2, SegmentCompression.NONE),
                ROWS,
                new SegmentMetadata.Slice(0, 1, false),
                SegmentMetadata.Span.NONE,
                SegmentMetadata.Span.of(1, ROWS),
                List.of());
    }

    /** Rows as run * 2^32 + row. */
    private static TreeSet<Long> some(Random random) {
        TreeSet<Long> rows = new TreeSet<>();
        int runs = 1 + random.nextInt(4);
        for (int i = 0; i < runs; i++) {
            long run = random.nextInt(i % 2 == 0 ? 3 : 2000);
            int from = random.nextInt(ROWS);
            int end = Math.min(ROWS, from + random.nextInt(200_000));
            int step = 1 + random.nextInt(random.nextBoolean() ? 2 : 5000);
            for (int row = from; row < end; row += 1 + random.nextInt(step)) {
                rows.add(run * RUN + row);
            }
        }
        rows.add(random.nextInt(ROWS) * RUN % (3000 * RUN) + ROWS - 1);
        return rows;
    }

    private static DeletedRows deleted(TreeSet<Long> rows) {
        return DeletedRowsMaker.of(rows.stream().mapToLong(Long::longValue).toArray());
    }

    private static TreeSet<Long> read(CrashDirectory folder, long segment, DeletedRowsFile file) {
        List<Long> found = new ArrayList<>();
        DeletionFile.read(folder, segment(segment), file, (run, row) -> found.add(run * RUN + row));
        TreeSet<Long> sorted = new TreeSet<>(found);
        assertThat(found).isEqualTo(new ArrayList<>(sorted));
        return sorted;
    }

    @Test
    void theRowsComeBack() {
        for (int seed = 0; seed < 60; seed++) {
            TreeSet<Long> rows = some(new Random(seed));
            CrashDirectory folder = new CrashDirectory();
            DeletedRowsFile file = DeletionFile.write(folder, 5, 9, deleted(rows), seed % 2 == 0 ? 1 << 20 : 100);
            assertThat(file.file()).isEqualTo("del-0000000000000005-0000000000000009.rows");
            assertThat(file.rows()).isEqualTo(rows.size());
            assertThat(read(folder, 5, file)).as("seed %d", seed).isEqualTo(rows);
        }
    }

    @Test
    void manyRowsTakeABitEach() {
        TreeSet<Long> all = new TreeSet<>();
        for (int row = 0; row < ROWS; row++) {
            if (row % 4 != 0) {
                all.add((long) row);
            }
        }
        CrashDirectory folder = new CrashDirectory();
        DeletedRowsFile file = DeletionFile.write(folder, 1, 1, deleted(all));
        assertThat(file.bytes()).isLessThan(ROWS / 8 + 10_000);
        assertThat(read(folder, 1, file)).isEqualTo(all);
    }

    @Test
    void whatIsNotAsItWasWrittenIsTold() {
        TreeSet<Long> rows = new TreeSet<>(List.of(3L, 4L, 9L, 2 * RUN + 1, 2 * RUN + 70_000, 9 * RUN));
        CrashDirectory folder = new CrashDirectory();
        DeletedRowsFile file = DeletionFile.write(folder, 1, 1, deleted(rows), 10);
        byte[] bytes = folder.readAll(file.file());
        for (int at = 0; at < bytes.length; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= 4;
            refuse(write(file.file(), changed), 1, file);
            refuse(write(file.file(), Arrays.copyOf(bytes, at)), 1, file);
        }
        refuse(write(file.file(), Arrays.copyOf(bytes, bytes.length + 5)), 1, file);
        refuse(folder, 2, file);
        refuse(new CrashDirectory(), 1, file);
        refuse(folder, 1, new DeletedRowsFile(file.file(), file.bytes(), file.checksum() + 1, file.rows()));
        refuse(folder, 1, new DeletedRowsFile(file.file(), file.bytes(), file.checksum(), file.rows() + 1));
        refuse(folder, 1, new DeletedRowsFile(file.file(), file.bytes(), file.checksum(), file.rows() - 1));
        TreeSet<Long> beyond = new TreeSet<>(List.of((long) ROWS));
        refuse(folder, 3, DeletionFile.write(folder, 3, 1, deleted(beyond)));
    }

    private static CrashDirectory write(String name, byte[] bytes) {
        CrashDirectory folder = new CrashDirectory();
        try (OutputFile file = folder.create(name)) {
            file.write(bytes, 0, bytes.length);
        }
        return folder;
    }

    private static void refuse(CrashDirectory folder, long segment, DeletedRowsFile file) {
        assertThatThrownBy(() -> read(folder, segment, file))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.code()).isIn(ErrorCode.CORRUPTION, ErrorCode.FEATURE_NOT_SUPPORTED))
                .hasMessageContaining(file.file());
    }
}
