package io.zeptodb.engine;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Bitmaps;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/**
 * Loads columns of batches into Arrow vectors. A vector shares the buffers of a dense column that is the table's own memory; it gets a
 * copy of the selected rows of anything else, so that whoever retains or transfers the vector keeps what he saw. Owned by one cursor,
 * one thread.
 */
final class VectorExport implements AutoCloseable {
    private final MemoryBudget budget;
    private final FieldVector[] targets;
    private final @Nullable WritableColumn[] copies;

    VectorExport(MemoryBudget budget, List<FieldVector> targets) {
        this.budget = budget;
        this.targets = targets.toArray(FieldVector[]::new);
        this.copies = new WritableColumn[this.targets.length];
    }

    /** Loads rows [from, from + count) of the selected ones. The vectors are valid as long as the batch is. */
    void load(Batch batch, int from, int count) {
        int @Nullable [] positions =
                batch.selection() == null ? null : batch.selection().positions();
        boolean dense = positions == null && (from & 7) == 0;
        for (int i = 0; i < targets.length; i++) {
            ColumnVector column = batch.column(i);
            if (targets[i] instanceof NullVector nulls) {
                nulls.setValueCount(count);
            } else if (column.type().kind().isNested()) {
                NestedExport.load(column, positions, from, count, targets[i], budget);
            } else if (dense
                    && !column.isConstant()
                    && isTablesOwn(column.dataBuffer())
                    && hasLastingValidity(column)) {
                share(column, from, count, targets[i]);
            } else {
                share(copy(i, column, positions, from, count), 0, count, targets[i]);
            }
        }
    }

    /** The table's memory never changes below a reader; an operator's is written over with its next batch. */
    private boolean isTablesOwn(@Nullable ArrowBuf buffer) {
        return buffer != null && buffer.getReferenceManager().getAllocator() != budget.allocator();
    }

    private boolean hasLastingValidity(ColumnVector column) {
        return !column.hasNulls() || isTablesOwn(column.validityBuffer());
    }

    private ColumnVector copy(int index, ColumnVector column, int @Nullable [] positions, int from, int count) {
        WritableColumn copy = copies[index];
        if (copy == null) {
            copy = new WritableColumn(budget, column.type());
            copies[index] = copy;
        } else {
            // the vector loaded last time may have been handed on and then still holds the buffers: never write over
            // them
            copy.close();
        }
        if (positions == null) {
            copy.append(column, from, count);
        } else {
            int[] wanted = from == 0 ? positions : java.util.Arrays.copyOfRange(positions, from, from + count);
            copy.append(column, wanted, count);
        }
        return copy.vector();
    }

    static void share(ColumnVector column, int from, int count, FieldVector target) {
        List<ArrowBuf> buffers = new ArrayList<>(2);
        long validityBytes = Bitmaps.bytes(count);
        int nulls = 0;
        ArrowBuf bits = column.validityBuffer();
        if (column.hasNulls() && bits != null) {
            long address = column.validity() + (from >>> 3);
            nulls = count - Bitmaps.count(address, count);
            buffers.add(
                    slice(bits, address, Math.min(validityBytes, bits.memoryAddress() + bits.capacity() - address)));
        } else {
            // Arrow makes the bitmap of a vector without NULLs itself
            buffers.add(target.getAllocator().getEmpty());
        }
        ArrowBuf data = java.util.Objects.requireNonNull(column.dataBuffer());
        TypeKind kind = column.type().kind();
        boolean bool = kind == TypeKind.BOOLEAN;
        long address = column.data() + (bool ? from >>> 3 : (long) from * kind.width());
        long bytes = bool ? (count + 7) >>> 3 : (long) count * kind.width();
        buffers.add(slice(data, address, bytes));
        if (kind.isView()) {
            addHeaps(column, buffers);
        }
        target.loadFieldBuffers(new ArrowFieldNode(count, nulls), buffers);
    }

    /** As slices, whose writer index is their end: Arrow's IPC writers take what lies before it, and a heap itself has none. */
    private static void addHeaps(ColumnVector column, List<ArrowBuf> buffers) {
        for (ArrowBuf heap : column.heaps()) {
            buffers.add(heap.slice(0, heap.capacity()));
        }
    }

    private static ArrowBuf slice(ArrowBuf buffer, long address, long bytes) {
        return buffer.slice(address - buffer.memoryAddress(), bytes);
    }

    @Override
    public void close() {
        for (WritableColumn copy : copies) {
            if (copy != null) {
                copy.close();
            }
        }
    }
}
