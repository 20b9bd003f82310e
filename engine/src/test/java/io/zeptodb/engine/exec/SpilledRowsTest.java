package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.exec.spill.SpillSpace;
import io.zeptodb.engine.exec.spill.SpilledRows;
import io.zeptodb.engine.kernel.ModuleAccess;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.store.DiskOperation;
import io.zeptodb.engine.store.OutputFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A temporary file gives back what was put there, or an error, and is gone when it is closed. */
class SpilledRowsTest {
    private static final List<ColumnType> TYPES = List.of(
            ColumnType.BOOLEAN,
            ColumnType.TINYINT,
            ColumnType.SMALLINT,
            ColumnType.INTEGER,
            ColumnType.BIGINT,
            ColumnType.REAL,
            ColumnType.DOUBLE,
            ColumnType.decimal(20, 2),
            ColumnType.VARCHAR,
            ColumnType.SYMBOL,
            ColumnType.VARBINARY,
            ColumnType.DATE,
            ColumnType.TIMESTAMP_NS);

    private static final int LONG = 4;
    private static final int DOUBLE = 6;
    private static final int DECIMAL = 7;
    private static final int TEXT = 8;

    private final QueryFixture fixture = new QueryFixture();
    private final CrashDirectory disk = new CrashDirectory();
    private final SpillSpace space = new SpillSpace(() -> disk, free -> 1 << 24, () -> {});

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
        assertThat(disk.list()).isEmpty();
        assertThat(space.usedBytes()).isZero();
    }

    private SpilledRows newFile(@Nullable BitSet used) {
        return new SpilledRows(space, fixture.budget, TYPES, used);
    }

    /** Puts random rows there; gives them. */
    private List<List<@Nullable Object>> fill(SpilledRows file, int count, Random random) {
        List<@Nullable Object[]> rows = QueryFixture.randomRows(TYPES, count, random);
        List<List<@Nullable Object>> expected = new ArrayList<>();
        try (RowSource source = fixture.source(TYPES, rows, random)) {
            for (Batch batch = source.next(); batch != null; batch = source.next()) {
                file.append(batch);
                for (int i = 0; i < batch.selectedCount(); i++) {
                    expected.add(QueryFixture.row(batch, batch.position(i)));
                }
            }
        }
        return expected;
    }

    @Test
    void rowsOfAllTypesComeBackAsOftenAsAsked() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            BitSet used = random.nextBoolean() ? null : QueryFixture.randomColumns(TYPES.size(), random);
            int count = random.nextInt(4) == 0 ? 0 : random.nextInt(10_000);
            try (SpilledRows file = newFile(used)) {
                List<List<@Nullable Object>> expected = QueryFixture.masked(fill(file, count, random), used);
                file.finish();
                assertThat(file.rowCount()).isEqualTo(count);
                assertThat(QueryFixture.drain(file.read(), used))
                        .as("seed %d", seed)
                        .isEqualTo(expected);
                assertThat(QueryFixture.drain(file.read(), used))
                        .as("seed %d", seed)
                        .isEqualTo(expected);
            }
        }
    }

    /** Arrow's reader needs a module opened before its first buffer is made, which another test of this JVM may have done without. */
    private boolean canArrowRead() {
        ModuleAccess.openNioToArrow();
        try (ArrowBuf buffer = fixture.budget.allocate(1)) {
            return buffer.nioBuffer(0, 1) != null;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    @Test
    void anArrowReaderReadsTheFile() throws IOException {
        assumeThat(canArrowRead()).isTrue();
        try (SpilledRows file = newFile(null);
                BufferAllocator allocator = new RootAllocator()) {
            List<List<@Nullable Object>> expected = fill(file, 9000, new Random(3));
            file.finish();
            int row = 0;
            try (ArrowStreamReader reader = new ArrowStreamReader(
                    new ByteArrayInputStream(disk.readAll(disk.list().get(0))), allocator)) {
                while (reader.loadNextBatch()) {
                    VectorSchemaRoot root = reader.getVectorSchemaRoot();
                    for (int i = 0; i < root.getRowCount(); i++, row++) {
                        for (int c : new int[] {LONG, DOUBLE, DECIMAL, TEXT}) {
                            Object theirs = root.getVector(c).getObject(i);
                            assertThat(theirs == null ? null : theirs.toString())
                                    .isEqualTo(text(expected.get(row).get(c)));
                        }
                    }
                }
            }
            assertThat(row).isEqualTo(expected.size());
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    @Test
    void aChangedByteIsFound() {
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            try (SpilledRows file = newFile(null)) {
                fill(file, 1000, random);
                file.finish();
                String name = disk.list().get(0);
                byte[] bytes = disk.readAll(name);
                int at = 1500 + random.nextInt(bytes.length - 1600); // behind the schema, before the end
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                int cut = random.nextInt(3) == 0 ? at : bytes.length;
                try (OutputFile changed = disk.create(name)) {
                    changed.write(bytes, 0, cut);
                }
                assertThatThrownBy(() -> QueryFixture.drain(file.read()))
                        .isInstanceOfSatisfying(
                                EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTION))
                        .hasMessageContaining("/crash/" + name)
                        .hasMessageContaining("at offset ");
            }
        }
    }

    @Test
    void everyWriteMayFail() {
        for (int nth = 1; ; nth++) {
            disk.fail(DiskOperation.WRITE, nth, false, ErrorCode.DISK_FULL);
            boolean failed = false;
            try (SpilledRows file = newFile(null)) {
                fill(file, 3000, new Random(nth));
                file.finish();
            } catch (EngineException e) {
                failed = true;
                assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL);
                assertThat(e).hasMessageContaining("No space left on device");
            }
            disk.heal();
            assertThat(disk.list()).isEmpty();
            assertThat(space.usedBytes()).isZero();
            if (!failed) {
                assertThat(nth).isGreaterThan(10);
                return;
            }
        }
    }

    @Test
    void theSpaceHasALimit() {
        SpillSpace small = new SpillSpace(() -> disk, free -> 100_000, () -> {});
        try (SpilledRows file = new SpilledRows(small, fixture.budget, TYPES, null)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            fill(file, 1000, new Random(i));
                        }
                    })
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
                    .hasMessageContaining("of 100000 bytes")
                    .hasMessageContaining("raise temp_directory_limit");
        }
        assertThat(small.usedBytes()).isZero();
    }

    @Test
    void aFileThatCannotBeMadeFailsTheQuery() {
        disk.fail(DiskOperation.CREATE, 1, false, ErrorCode.READ_ONLY);
        try (SpilledRows file = newFile(null)) {
            assertThatThrownBy(() -> {
                        fill(file, 1000, new Random(1));
                        file.finish();
                    })
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR))
                    .hasMessageContaining("permission denied");
        }
    }
}
