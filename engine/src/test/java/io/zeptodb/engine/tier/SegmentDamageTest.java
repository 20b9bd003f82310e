package io.zeptodb.engine.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.store.FileDirectory;
import io.zeptodb.engine.store.OutputFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever was done to a file: the rows that were written, or an error that names the file and a place in it. */
class SegmentDamageTest {
    @TempDir
    Path folder;

    private FileDirectory directory;
    private SegmentHarness harness;

    @BeforeEach
    void open() {
        directory = FileDirectory.open(folder.toString());
        TableSchema schema = new TableSchema(
                "t",
                List.of(
                        new ColumnDefinition("k", ColumnType.SYMBOL, true),
                        new ColumnDefinition("ts", ColumnType.TIMESTAMP_NS, true),
                        new ColumnDefinition("s", ColumnType.VARCHAR, true),
                        new ColumnDefinition("f", ColumnType.BOOLEAN, true)),
                1,
                0,
                new PartitionScheme(true, TimeSlice.NONE));
        harness = new SegmentHarness(schema, directory);
    }

    @AfterEach
    void close() {
        harness.close();
        directory.close();
    }

    private SegmentMetadata small(String text) {
        return small(text, SegmentCompression.NONE);
    }

    private SegmentMetadata small(String text, SegmentCompression compression) {
        List<Object[]> rows = new ArrayList<>();
        for (long i = 0; i < 12; i++) {
            rows.add(new Object[] {
                i % 5 == 4 ? null : "k" + i % 3, i, i % 4 == 3 ? null : text.repeat((int) i), i % 2 == 0
            });
        }
        harness.append(rows);
        return harness.merge(compression).get(0);
    }

    private void write(String name, byte[] bytes) {
        try (OutputFile file = directory.create(name)) {
            file.write(bytes, 0, bytes.length);
        }
    }

    private void set(String name, int at, int value) {
        try (RandomAccessFile file = new RandomAccessFile(directory.path(name), "rw")) {
            file.seek(at);
            file.write(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks at everything: whether it is whole; if not, CORRUPTION was told, or the rows are right. */
    private boolean isWholeOrTold(SegmentMetadata file, String what) {
        boolean whole = isVerified(file, what);
        if (isTouched(file, what)) {
            // damage of what only others read is found by verify alone
            SortedMap<Long, Object[]> rows = harness.read(List.of(file));
            assertThat(rows.keySet()).as(what).isEqualTo(harness.model.keySet());
            rows.forEach((sequence, row) -> assertThat(row).as(what).isEqualTo(harness.model.get(sequence)));
        } else {
            assertThat(whole).as(what + ": a reader finds what verify does not").isFalse();
        }
        return whole;
    }

    /** Whether every row could be had. */
    private boolean isTouched(SegmentMetadata file, String what) {
        try (SegmentFile opened = new SegmentFile(directory, file, harness.table, harness.budget)) {
            for (int column = 0; column <= harness.table.schema().columns().size(); column++) {
                opened.column(column, 0, opened.runs().rows());
            }
            return true;
        } catch (EngineException e) {
            checkTold(file, what, e);
            return false;
        }
    }

    private static void checkTold(SegmentMetadata file, String what, EngineException e) {
        assertThat(e.code()).as(what + ": " + e.getMessage()).isEqualTo(ErrorCode.CORRUPTION);
        assertThat(e.getMessage()).contains(file.file().name()).contains("offset");
    }

    private boolean isVerified(SegmentMetadata file, String what) {
        try (SegmentFile opened = new SegmentFile(directory, file, harness.table, harness.budget)) {
            opened.verify(() -> {});
            return true;
        } catch (EngineException e) {
            checkTold(file, what, e);
            return false;
        }
    }

    @Test
    void aFlippedBitAtAnyByteIsFound() {
        SegmentMetadata file = small("text of some length ");
        String name = file.file().name();
        byte[] good = directory.readAll(name);
        Random random = new Random(3);
        for (int at = 0; at < good.length; at++) {
            set(name, at, good[at] ^ 1 << random.nextInt(Byte.SIZE));
            boolean rowsToo = at % 8 == 0;
            assertThat(rowsToo ? isWholeOrTold(file, "bit at " + at) : isVerified(file, "bit at " + at))
                    .as("bit at " + at)
                    .isFalse();
            isTouched(file, "bit at " + at);
            set(name, at, good[at]);
        }
        assertThat(isWholeOrTold(file, "as it was")).isTrue();
    }

    @Test
    void aFlippedBitAtAnyByteOfACompressedFileIsFound() {
        for (SegmentCompression compression : List.of(SegmentCompression.LZ4, SegmentCompression.ZSTD)) {
            SegmentMetadata file = small("text of some length ", compression);
            byte[] good = directory.readAll(file.file().name());
            for (int at = 0; at < good.length; at += 5) {
                byte[] bad = good.clone();
                bad[at] ^= 0x10;
                write(file.file().name(), bad);
                assertThat(isWholeOrTold(file, "bit at " + at))
                        .as("bit at " + at)
                        .isFalse();
            }
            write(file.file().name(), good);
            assertThat(isWholeOrTold(file, "as it was")).isTrue();
        }
    }

    @Test
    void aFileCutAtAnyLengthIsFound() {
        SegmentMetadata file = small("cut ");
        String name = file.file().name();
        byte[] good = directory.readAll(name);
        for (int length = good.length - 1; length >= 0; length--) {
            directory.append(name, length).close();
            assertThat(isVerified(file, "cut at " + length)).isFalse();
            assertThat(isTouched(file, "cut at " + length)).isFalse();
        }
        write(name, Arrays.copyOf(good, good.length + 1));
        assertThat(isWholeOrTold(file, "longer")).isFalse();
    }

    @Test
    void aFileInThePlaceOfAnotherIsFound() {
        SegmentMetadata first = small("abcdefghijklmnop");
        harness.delete(List.copyOf(harness.model.keySet()));
        SegmentMetadata second = small("ponmlkjihgfedcba");
        byte[] other = directory.readAll(second.file().name());
        assertThat(other).hasSize((int) first.file().bytes());
        write(first.file().name(), other);
        assertThat(isVerified(first, "swapped")).isFalse();
        assertThat(isWholeOrTold(second, "in its place")).isTrue();
    }

    @Test
    void zeroedBlocksAreFoundByThoseWhoTouchThem() {
        List<Object[]> rows = new ArrayList<>();
        for (long i = 0; i < 100_000; i++) {
            rows.add(new Object[] {"k" + i % 3, i, "text that lies in a heap " + i, i % 2 == 0});
        }
        harness.append(rows);
        SegmentMetadata file = harness.merge(SegmentCompression.NONE).get(0);
        String name = file.file().name();
        byte[] good = directory.readAll(name);
        assertThat(good.length).isGreaterThan(3 * SegmentFormat.BLOCK_BYTES);
        for (int from = 0; from < good.length; from += SegmentFormat.BLOCK_BYTES) {
            byte[] bad = good.clone();
            Arrays.fill(bad, from, Math.min(bad.length, from + 4096), (byte) 0);
            write(name, bad);
            assertThat(isVerified(file, "zeros at " + from)).isFalse();
        }
        // the rows of the first key alone: blocks behind theirs are not looked at
        byte[] bad = good.clone();
        int end = good.length - SegmentFormat.BLOCK_BYTES * 3 / 2;
        Arrays.fill(bad, end, end + 4096, (byte) 0);
        write(name, bad);
        try (SegmentFile opened = new SegmentFile(directory, file, harness.table, harness.budget)) {
            assertThat(opened.column(1, 0, 100).values().capacity()).isEqualTo(100_000);
        }
        assertThat(isWholeOrTold(file, "zeros at " + end)).isFalse();
    }

    @Test
    void aFileOfALaterVersionIsRefused() {
        SegmentMetadata file = small("later");
        byte[] bytes = directory.readAll(file.file().name());
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int trailer = bytes.length
                - SegmentFormat.END_BYTES
                - in.getInt(bytes.length - SegmentFormat.END_BYTES)
                - SegmentFormat.TRAILER_BYTES;
        int index = (int)
                (trailer - in.getInt(trailer + Long.BYTES + Integer.BYTES) - in.getLong(trailer + 2 * Long.BYTES));
        in.putInt(trailer + Long.BYTES, SegmentFormat.VERSION + 1);
        CRC32C crc = new CRC32C();
        crc.update(bytes, index, bytes.length - index);
        write(file.file().name(), bytes);
        SegmentMetadata later = new SegmentMetadata(
                file.number(),
                new SegmentMetadata.Contents(
                        file.file().name(),
                        bytes.length,
                        (int) crc.getValue(),
                        file.file().compression()),
                file.rows(),
                file.slice(),
                file.time(),
                file.sequences(),
                file.columns());
        try (SegmentFile opened = new SegmentFile(directory, later, harness.table, harness.budget)) {
            assertThatThrownBy(opened::runs)
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FEATURE_NOT_SUPPORTED))
                    .hasMessageContaining("version 2");
        }
    }

    @Test
    void aFileThatIsGoneIsToldAndAClosedSegmentRefuses() {
        SegmentMetadata file = small("gone");
        SegmentFile open = new SegmentFile(directory, file, harness.table, harness.budget);
        assertThat(open.runs().rows()).isEqualTo(12);
        directory.delete(file.file().name());
        assertThatThrownBy(() -> harness.read(List.of(file)))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTION));
        open.close();
        open.close();
        assertThatThrownBy(open::runs).hasMessageContaining("is closed");
        assertThatThrownBy(() -> open.column(0, 0, 1)).hasMessageContaining("is closed");
    }
}
