package io.zeptodb.engine.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnLease;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.store.FileDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedMemoryTest {
    private static final int ROWS = 1000;

    @TempDir
    Path folder;

    @Test
    void viewsAndExportedVectorsKeepTheMappingWhenSegmentAndFileAreGone() {
        TableSchema schema = new TableSchema(
                "t",
                List.of(new ColumnDefinition("v", ColumnType.BIGINT, true)),
                TableSchema.NONE,
                TableSchema.NONE,
                new PartitionScheme(false, TimeSlice.NONE));
        try (FileDirectory directory = FileDirectory.open(folder.toString());
                SegmentHarness harness = new SegmentHarness(schema, directory);
                BufferAllocator users = harness.root.newChildAllocator("user", 0, Long.MAX_VALUE)) {
            List<Object[]> rows = new ArrayList<>();
            for (long i = 0; i < ROWS; i++) {
                rows.add(new Object[] {i % 10 == 9 ? null : i});
            }
            harness.append(rows);
            SegmentMetadata file = harness.merge(SegmentCompression.NONE).get(0);
            SegmentFile segment = new SegmentFile(directory, file, harness.table, harness.budget);
            long before = harness.root.getAllocatedMemory();
            ColumnVector vector = new ColumnVector(ColumnType.BIGINT);
            segment.column(0, 0, ROWS).values().point(vector, 0);
            ColumnLease view = new ColumnLease(vector, ROWS, "v", users);
            assertThat(harness.root.getAllocatedMemory())
                    .as("mapped memory counts against no limit")
                    .isEqualTo(before);
            MappedMemory memory = (MappedMemory) vector.dataBuffer().getReferenceManager();

            segment.close();
            directory.delete(file.file().name());
            assertThat(view.getLong(123)).isEqualTo(123);
            BigIntVector exported = (BigIntVector) view.vector();
            TransferPair pair = exported.getTransferPair(users);
            pair.splitAndTransfer(100, 50);
            BigIntVector part = (BigIntVector) pair.getTo();
            pair = exported.getTransferPair(users);
            pair.transfer();
            BigIntVector whole = (BigIntVector) pair.getTo();
            view.close();
            assertThatThrownBy(() -> view.getLong(0)).hasMessageContaining("closed");
            assertThat(memory.getRefCount()).isPositive();
            for (int row = 0; row < ROWS; row++) {
                assertThat(whole.getObject(row)).isEqualTo(rows.get(row)[0]);
            }
            assertThat(part.get(3)).isEqualTo(103);
            assertThat(part.isNull(9)).isTrue();
            whole.close();
            assertThat(part.get(3)).isEqualTo(103);
            part.close();
            assertThat(memory.getRefCount()).isZero();
            assertThatThrownBy(memory::retain).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(memory::release).isInstanceOf(IllegalStateException.class);
        }
    }
}
