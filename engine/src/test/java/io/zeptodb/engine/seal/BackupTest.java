package io.zeptodb.engine.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.Retention;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.Manifest;
import io.zeptodb.engine.catalog.Manifest.DictionaryFile;
import io.zeptodb.engine.catalog.Manifest.LogPlace;
import io.zeptodb.engine.catalog.ManifestFile;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.store.DiskOperation;
import io.zeptodb.engine.store.OutputFile;
import io.zeptodb.engine.wal.WalFile;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BackupTest {
    private static final int BYTES = 1000;

    private final CrashDirectory from = new CrashDirectory();

    private Manifest database() {
        for (String name : List.of(WalFile.name(3), WalFile.name(4), "sym-1-0.dict", "sym-1-1.dict")) {
            try (OutputFile file = from.create(name)) {
                file.write(new byte[BYTES], 0, BYTES);
            }
        }
        List<DictionaryFile> files = List.of(
                new DictionaryFile(0, "sym-1-0.dict", BYTES, 1), new DictionaryFile(1, "sym-1-1.dict", BYTES - 1, 1));
        return new Manifest(
                new UUID(1, 2),
                1,
                Catalog.EMPTY.with(table()),
                1,
                new LogPlace(3, 0, 4, BYTES / 2),
                List.of(new Manifest.TableContents(1, 1, files, List.of())));
    }

    @Test
    void oneThatFailsLeavesNothingAndCanBeRepeated() {
        Manifest manifest = database();
        for (DiskOperation operation : List.of(
                DiskOperation.CREATE,
                DiskOperation.WRITE,
                DiskOperation.SYNC,
                DiskOperation.SYNC_FOLDER,
                DiskOperation.RENAME)) {
            CrashDirectory to = new CrashDirectory();
            for (int nth = 1; ; nth++) {
                to.fail(operation, nth, false, ErrorCode.DISK_FULL);
                if (!fails(manifest, to)) {
                    assertThat(nth).as(operation.toString()).isGreaterThan(1);
                    break;
                }
                assertThat(to.list()).as(operation + " " + nth).isEmpty();
                to.heal();
            }
            assertThat(ManifestFile.read(to).tables()).isEqualTo(manifest.tables());
            assertThat(to.list()).hasSize(5);
        }
    }

    private boolean fails(Manifest manifest, CrashDirectory to) {
        try {
            assertThat(Backup.copy(from, manifest, to, () -> {})).isEqualTo(3 * BYTES + BYTES / 2 - 1);
            return false;
        } catch (EngineException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL);
            return true;
        }
    }

    @Test
    void aFileThatIsMissingIsDamage() {
        Manifest manifest = database();
        from.delete("sym-1-1.dict");
        CrashDirectory to = new CrashDirectory();
        assertThatThrownBy(() -> Backup.copy(from, manifest, to, () -> {}))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTION))
                .hasMessageContaining("sym-1-1.dict");
        assertThat(to.list()).isEmpty();
    }

    @Test
    void aFolderThatHasAFolderIsNotEmpty() {
        CrashDirectory to = new CrashDirectory();
        to.folder("other");
        assertThatThrownBy(() -> Backup.copy(from, database(), to, () -> {})).hasMessageContaining("not empty");
    }

    private static TableMetadata table() {
        List<ColumnDefinition> columns = List.of(
                new ColumnDefinition("a", ColumnType.SYMBOL, true), new ColumnDefinition("b", ColumnType.SYMBOL, true));
        TableSchema schema =
                new TableSchema("t", columns, -1, -1, PartitionScheme.UNPARTITIONED, List.of(), Retention.NONE);
        return new TableMetadata(1, schema, List.of(0, 1), 2);
    }
}
