package io.zeptodb.engine.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.Manifest.LogPlace;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.ByteWriter;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.store.Frame;
import io.zeptodb.engine.store.OutputFile;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What earlier versions wrote is read: definitions of tables without the attributes of columns. */
class EarlierVersionsTest {
    private static final int KIND = 64;
    /** Database, generation, catalog version, next table, next segment, log, tables. */
    private static final int BEFORE_TABLES = 16 + 8 + 8 + 8 + 8 + 32 + 4;

    private static TableMetadata table(ColumnAttribute attribute) {
        PartitionScheme scheme = new PartitionScheme(false, PartitionScheme.TimeSlice.NONE);
        List<ColumnDefinition> columns = List.of(
                new ColumnDefinition("v", ColumnType.BIGINT, true),
                new ColumnDefinition("w", ColumnType.VARCHAR, false, attribute));
        return new TableMetadata(1, new TableSchema("t", columns, -1, -1, scheme));
    }

    private static byte[] encoded(TableMetadata table) {
        ByteWriter out = new ByteWriter(100);
        TableEncoding.write(out, table);
        return out.toArray();
    }

    @Test
    void aRecordOfTheLogWithoutAttributes() {
        byte[] bytes = encoded(table(ColumnAttribute.NONE));
        TableMetadata read = TableEncoding.read(new ByteReader(bytes, 0, bytes.length - Integer.BYTES, "log", 0));
        assertThat(read).isEqualTo(table(ColumnAttribute.NONE));
    }

    @Test
    void aRecordWithThem() {
        for (ColumnAttribute attribute : ColumnAttribute.values()) {
            byte[] bytes = encoded(table(attribute));
            ByteReader in = new ByteReader(bytes, 0, bytes.length, "log", 0);
            assertThat(TableEncoding.read(in)).isEqualTo(table(attribute));
            in.expectEnd();
        }
    }

    @Test
    void aManifestOfVersionTwo() {
        Manifest manifest = new Manifest(
                new UUID(1, 2),
                77,
                Catalog.restore(5, 2, List.of(table(ColumnAttribute.NONE)), List.of()),
                1000,
                new LogPlace(1, 2, 3, 4),
                List.of(new TableContents(1, 99, List.of(), List.of())));
        CrashDirectory folder = new CrashDirectory();
        ManifestFile.write(folder, manifest);
        byte[] now = folder.readAll(ManifestFile.NAME);
        int views = Frame.HEADER_BYTES + BEFORE_TABLES;
        int attributes = views + encoded(table(ColumnAttribute.NONE)).length;
        byte[] then = without(without(now, attributes), views);
        Frame.seal(then, 0, then.length - Frame.HEADER_BYTES, KIND, 1, 2, 77, 0);
        CrashDirectory earlier = new CrashDirectory();
        try (OutputFile file = earlier.create(ManifestFile.NAME)) {
            file.write(then, 0, then.length);
        }
        Manifest read = ManifestFile.read(earlier);
        assertThat(List.copyOf(read.catalog().tables())).containsExactly(table(ColumnAttribute.NONE));
        assertThat(read).usingRecursiveComparison().ignoringFields("catalog").isEqualTo(manifest);
    }

    /** Without the four bytes from here on, a number of things that version 2 did not know: there are none. */
    private static byte[] without(byte[] bytes, int at) {
        assertThat(ByteBuffer.wrap(bytes).getInt(at)).isZero();
        byte[] fewer = new byte[bytes.length - Integer.BYTES];
        System.arraycopy(bytes, 0, fewer, 0, at);
        System.arraycopy(bytes, at + Integer.BYTES, fewer, at, fewer.length - at);
        return fewer;
    }
}
