package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.kernel.RangeMarks;
import io.zeptodb.engine.kernel.Selects;
import org.jspecify.annotations.Nullable;

/**
 * A condition that is NULL where an operand is NULL, and is found for the others by narrowing positions. The BOOLEAN column is made from
 * the positions when somebody asks for it.
 */
abstract class PredicateNode extends ExpressionNode {
    private static final int[] FIRST = {0};

    /** Batches of fewer rows are not worth marks. */
    private static final int LEAST_MARKED_ROWS = RangeMarks.BLOCK;

    private final WritableColumn result;
    private final SelectionVector found = new SelectionVector(0);
    private ColumnVector[] operands = {};

    PredicateNode(MemoryBudget budget) {
        super(ColumnType.BOOLEAN);
        this.result = new WritableColumn(budget, ColumnType.BOOLEAN);
    }

    /** Evaluates the operands at the selected positions; the array may be used again. */
    abstract ColumnVector[] operands(Batch batch, @Nullable SelectionVector selection);

    /** Narrows to where the condition is true; no operand is NULL at these positions, at least one is not constant unless there is one position. */
    abstract int test(int @Nullable [] in, int count, int[] out);

    /**
     * Marks where the condition is true; no operand is constant or can be NULL.
     *
     * @param among marks of the rows to look at, null for all; may be {@code out}
     * @return how many
     */
    int mark(int rows, long @Nullable [][] among, long[][] out) {
        throw new UnsupportedOperationException("this condition lists positions only");
    }

    /** Whether this condition can {@link #mark} the operands that it has. */
    boolean marks() {
        return false;
    }

    /** A short list is better narrowed than marked. */
    private boolean shouldMark(Batch batch, @Nullable SelectionVector in) {
        int rows = batch.rowCount();
        if (rows < LEAST_MARKED_ROWS || !marks() || (in != null && (in.marks() == null || in.count() < rows / 2))) {
            return false;
        }
        for (ColumnVector operand : operands) {
            if (operand.isConstant() || operand.hasNulls()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public final int select(Batch batch, @Nullable SelectionVector in, SelectionVector out) {
        operands = operands(batch, in);
        if (shouldMark(batch, in)) {
            int rows = batch.rowCount();
            int marked = mark(rows, in == null ? null : in.marks(), out.reserveMarks(rows));
            out.setMarked(rows, marked);
            return marked;
        }
        // last: in and out may be one
        int[] from = positions(in);
        int count = count(batch, in);
        int kept = select(from, count, batch.rowCount(), out.reserveList(batch.rowCount()));
        out.setCount(kept);
        return kept;
    }

    private int select(int @Nullable [] in, int count, int rows, int[] out) {
        boolean constant = true;
        for (ColumnVector operand : operands) {
            if (operand.isConstant() && operand.isNull(0)) {
                return 0;
            }
            constant &= operand.isConstant();
        }
        if (count == 0) {
            return 0;
        }
        if (constant) {
            return test(FIRST, 1, new int[1]) == 0 ? 0 : Selects.all(in, count, out);
        }
        int[] positions = in;
        int left = count;
        for (ColumnVector operand : operands) {
            boolean nulls = operand.hasNulls() && !operand.isConstant();
            if (nulls && Bitmaps.count(operand.validity(), rows) != rows) {
                left = Selects.bits(operand.validity(), positions, left, out, 0);
                positions = out;
            }
        }
        // without a value there may be nothing to compare with, such as the dictionary of symbols
        return left == 0 ? 0 : test(positions, left, out);
    }

    @Override
    public final ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        int rows = batch.rowCount();
        operands = operands(batch, selection);
        result.clear();
        result.reserve(rows);
        found.reserve(rows);
        long bits = result.data();
        Memory.fill(bits, Bitmaps.bytes(rows), (byte) 0);
        int kept = select(positions(selection), count(batch, selection), rows, found.positions());
        int[] positions = found.positions();
        for (int i = 0; i < kept; i++) {
            Memory.setBit(bits, positions[i]);
        }
        for (ColumnVector operand : operands) {
            if (operand.isConstant() && operand.isNull(0)) {
                Memory.fill(result.validity(), Bitmaps.bytes(rows), (byte) 0);
            } else if (operand.hasNulls() && !operand.isConstant()) {
                Bitmaps.and(operand.validity(), result.validity(), rows);
            }
        }
        result.setRowCount(rows);
        return result.vector();
    }

    /** Whether both operands of the last evaluation are NULL at a position. */
    final boolean bothNull(int row) {
        return operands.length == 2 && operands[0].isNull(row) && operands[1].isNull(row);
    }

    @Override
    public void close() {
        result.close();
    }
}
