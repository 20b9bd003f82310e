package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.SegmentSnapshot;
import org.jspecify.annotations.Nullable;

/** How the columns of merged rows come into a file: measured first, all of them, and written then, in their order. One thread. */
abstract class BodyColumns implements AutoCloseable {
    final SegmentSpec spec;
    final MergedRows rows;
    final MemoryBudget budget;

    BodyColumns(SegmentSpec spec, MergedRows rows, MemoryBudget budget) {
        this.spec = spec;
        this.rows = rows;
        this.budget = budget;
    }

    /** Those of the table, and the sequence numbers. */
    final int count() {
        return spec.table().schema().columns().size() + 1;
    }

    final boolean isSequence(int column) {
        return column == count() - 1;
    }

    final ColumnType type(int column) {
        return isSequence(column) ? ColumnType.BIGINT : spec.table().schema().typeOf(column);
    }

    final int id(int column) {
        return isSequence(column) ? TableMetadata.SEQUENCE_ID : spec.table().columnId(column);
    }

    final ColumnGather gather(int column) {
        return new ColumnGather(rows, isSequence(column) ? SegmentSnapshot.SEQUENCE : column, type(column), budget);
    }

    /** How the column will lie in the file. */
    abstract ColumnShape measure(int column);

    /** The texts of a SYMBOL column that was measured, null for others. */
    abstract @Nullable SymbolTexts symbols(int column);

    /** Writes the buffers of a column. What its values are. */
    abstract ColumnStatistics write(int column, ColumnShape shape, CheckedOutput out);

    @Override
    public void close() {}
}
