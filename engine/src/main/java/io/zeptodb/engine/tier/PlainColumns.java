package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.SegmentStatistics;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * Columns that lie in the file as in memory. They are gathered when they are written, and those of which it is not plain how long they are once
 * before, to be measured: that costs less than keeping them.
 */
final class PlainColumns extends BodyColumns {
    private final @Nullable SymbolTexts[] symbols;

    PlainColumns(SegmentSpec spec, MergedRows rows, MemoryBudget budget) {
        super(spec, rows, budget);
        this.symbols = new SymbolTexts[count()];
    }

    @Override
    ColumnShape measure(int column) {
        ColumnType type = type(column);
        boolean isKey = column == spec.table().schema().keyOrdinal();
        boolean symbol = type.kind() == TypeKind.SYMBOL;
        if (!type.kind().isView() && (!symbol || isKey) && (isSequence(column) || hasNoNulls(column))) {
            if (symbol) {
                symbols[column] = SymbolTexts.ofKeys(rows, rows.dictionary(column));
            }
            return ColumnShape.plain(type, rows.rows(), 0, List.of());
        }
        try (ColumnGather gather = gather(column)) {
            if (symbol) {
                symbols[column] = new SymbolTexts(gather.dictionary(), gather.codes());
            }
            return shape(type, gather);
        }
    }

    private ColumnShape shape(ColumnType type, ColumnGather gather) {
        return ColumnShape.plain(type, rows.rows(), gather.nulls(), gather.heapBytes());
    }

    private boolean hasNoNulls(int column) {
        for (SegmentSnapshot source : spec.sources()) {
            if (source.statistics(column).nullCount() != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    @Nullable
    SymbolTexts symbols(int column) {
        return symbols[column];
    }

    @Override
    ColumnStatistics write(int column, ColumnShape shape, CheckedOutput out) {
        try (ColumnGather gather = gather(column)) {
            if (!shape.equals(shape(type(column), gather))) {
                throw new IllegalStateException("column " + column + " is not as it was measured");
            }
            ArrowBuf validity = gather.values().validity();
            long bitmap = shape.nulls() == 0 || validity == null ? 0 : validity.memoryAddress();
            writeBuffer(bitmap, shape.rawBytes().get(0), out);
            writeBuffer(gather.values().data().memoryAddress(), shape.rawBytes().get(1), out);
            if (shape.rawBytes().size() > 2) {
                writeHeaps(gather, shape, out);
            }
            return SegmentStatistics.of(gather.bounds());
        }
    }

    private static void writeBuffer(long address, long bytes, CheckedOutput out) {
        out.beginAreaFor(SegmentFormat.padded(bytes));
        out.write(address, bytes);
        out.endBuffer(bytes);
    }

    private static void writeHeaps(ColumnGather gather, ColumnShape shape, CheckedOutput out) {
        ColumnGather.HeapPlaces places = new ColumnGather.HeapPlaces();
        List<Long> bytes = shape.rawBytes();
        gather.eachLongText((address, length) -> {
            if (places.place(length) == 0) {
                int heap = places.count();
                if (heap > 1) {
                    out.endBuffer(bytes.get(heap));
                }
                out.beginAreaFor(SegmentFormat.padded(bytes.get(heap + 1)));
            }
            out.write(address, length);
        });
        out.endBuffer(bytes.get(bytes.size() - 1));
    }
}
