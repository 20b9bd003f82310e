package io.zeptodb.engine.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.Retention;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.ViewDefinition;
import io.zeptodb.engine.catalog.Manifest.DeletedRowsFile;
import io.zeptodb.engine.catalog.Manifest.DictionaryFile;
import io.zeptodb.engine.catalog.Manifest.LogPlace;
import io.zeptodb.engine.catalog.Manifest.PartitionContents;
import io.zeptodb.engine.catalog.Manifest.SegmentContents;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.store.Frame;
import io.zeptodb.engine.store.OutputFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ManifestFileTest {
    private static final int FRAME_BYTES = 300;

    private static final ViewMetadata VIEW = new ViewMetadata(
            4,
            new ViewDefinition(
                    "Größe", List.of(new ColumnDefinition("v", ColumnType.BIGINT, false)), "SELECT v FROM t", true),
            true,
            List.of(new ViewMetadata.Dependency("t", List.of("v")), new ViewMetadata.Dependency("u", List.of())));

    private static Manifest manifest(int segments) {
        List<ColumnDefinition> columns =
                List.of(new ColumnDefinition("v", ColumnType.BIGINT, true, ColumnAttribute.GROUPED));
        PartitionScheme scheme = new PartitionScheme(false, PartitionScheme.TimeSlice.NONE);
        TableSchema schema = new TableSchema("t", columns, -1, -1, scheme, List.of(), Retention.NONE);
        TableMetadata table = new TableMetadata(1, schema, List.of(0), 1);
        List<PartitionContents> partitions = new ArrayList<>();
        for (int i = 0; i < segments; i += 2) {
            SegmentMetadata.Slice slice = new SegmentMetadata.Slice(i, i + 2L, false);
            partitions.add(new PartitionContents(slice, 10L * i, List.of(segment(i, slice), segment(i + 1, slice))));
        }
        List<DictionaryFile> dictionaries = List.of(new DictionaryFile(3, "sym-1-3.dict", 100, 7));
        return new Manifest(
                new UUID(1, 2),
                77,
                Catalog.restore(5, 2, List.of(table), List.of(VIEW)),
                1000,
                new LogPlace(1, 2, 3, 4),
                List.of(new TableContents(1, 99, dictionaries, partitions)));
    }

    private static SegmentContents segment(int number, SegmentMetadata.Slice slice) {
        SegmentMetadata metadata = new SegmentMetadata(
                number,
                new SegmentMetadata.Contents(SegmentMetadata.fileName(number), 500, number, SegmentCompression.LZ4),
                10,
                slice,
                SegmentMetadata.Span.of(number, number + 1L),
                SegmentMetadata.Span.of(1, 2),
                List.of(new SegmentMetadata.Column(0, ColumnStatistics.ofLongs(1, 2, 0))));
        return new SegmentContents(
                metadata,
                number % 3 == 0 ? null : new DeletedRowsFile(DeletedRowsFile.fileName(number, 76), 40, number, 2));
    }

    private static CrashDirectory folder(byte[] manifest) {
        CrashDirectory folder = new CrashDirectory();
        try (OutputFile file = folder.create(ManifestFile.NAME)) {
            file.write(manifest, 0, manifest.length);
        }
        return folder;
    }

    private static byte[] written(Manifest manifest, int frameBytes) {
        CrashDirectory folder = new CrashDirectory();
        ManifestFile.writeNext(folder, manifest, frameBytes);
        ManifestFile.adoptNext(folder);
        assertThat(folder.crash(1).readAll(ManifestFile.NAME)).isEqualTo(folder.readAll(ManifestFile.NAME));
        return folder.readAll(ManifestFile.NAME);
    }

    private static List<Integer> frames(byte[] bytes) {
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> places = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += Frame.HEADER_BYTES + Frame.length(view, at)) {
            places.add(at);
        }
        return places;
    }

    private static void same(Manifest found, Manifest expected) {
        assertThat(List.copyOf(found.catalog().tables()))
                .isEqualTo(List.copyOf(expected.catalog().tables()));
        assertThat(List.copyOf(found.catalog().views()))
                .isEqualTo(List.copyOf(expected.catalog().views()));
        assertThat(found.catalog().version()).isEqualTo(expected.catalog().version());
        assertThat(found).usingRecursiveComparison().ignoringFields("catalog").isEqualTo(expected);
    }

    @Test
    void itHasAsManyFramesAsItTakes() {
        for (int segments : new int[] {0, 2, 20, 200}) {
            Manifest manifest = manifest(segments);
            byte[] many = written(manifest, FRAME_BYTES);
            assertThat(frames(many)).hasSizeGreaterThanOrEqualTo(1 + segments / 4);
            same(ManifestFile.read(folder(many)), manifest);
            byte[] one = written(manifest, 1 << 20);
            assertThat(frames(one)).hasSize(1);
            same(ManifestFile.read(folder(one)), manifest);
        }
    }

    @Test
    void oneThatWasCutOrMixedUpIsTold() {
        byte[] whole = written(manifest(20), FRAME_BYTES);
        List<Integer> places = frames(whole);
        for (int length = 0; length < whole.length; length++) {
            refuse(Arrays.copyOf(whole, length));
        }
        refuse(Arrays.copyOf(whole, whole.length + 1));
        refuse(Arrays.copyOf(whole, whole.length + Frame.HEADER_BYTES));
        byte[] without = new byte[whole.length - (places.get(2) - places.get(1))];
        System.arraycopy(whole, 0, without, 0, places.get(1));
        System.arraycopy(whole, places.get(2), without, places.get(1), whole.length - places.get(2));
        refuse(without);
    }

    private static void refuse(byte[] bytes) {
        assertThatThrownBy(() -> ManifestFile.read(folder(bytes)))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTION))
                .hasMessageContaining("/manifest' is damaged at offset ");
    }

    @Test
    void anotherVersionIsRefused() {
        for (int version : new int[] {1, 4}) {
            byte[] frame = new byte[Frame.HEADER_BYTES + 100];
            Frame.seal(frame, 0, 100, 64, 0, version, 7, 0);
            assertThatThrownBy(() -> ManifestFile.read(folder(frame)))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FEATURE_NOT_SUPPORTED))
                    .hasMessageContaining(version == 1 ? "an earlier version" : "a newer version")
                    .hasMessageContaining("its layout is " + version + ", this one reads 2 to 3");
        }
    }

    @Test
    void aRecordThatNobodyCouldReadIsNotWritten() {
        assertThatThrownBy(() -> Frame.seal(new byte[Frame.HEADER_BYTES], 0, Frame.MOST_PAYLOAD + 1, 1, 0, 1, 1, 0))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_TOO_LONG));
    }
}
