package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.kernel.Selects;
import org.jspecify.annotations.Nullable;

/**
 * AND and OR of three truth values. Terms are evaluated in their order, each only for the rows that the terms before it have not
 * decided.
 */
final class ConnectiveNode extends ExpressionNode {
    private final ExpressionNode[] terms;
    /** The value of a term that decides: false for AND, true for OR. */
    private final boolean decisive;

    private final WritableColumn result;
    private final SelectionVector undecided = new SelectionVector(0);
    private SelectionVector found = new SelectionVector(0);
    private SelectionVector spare = new SelectionVector(0);
    private final SelectionVector next = new SelectionVector(0);

    ConnectiveNode(ExpressionNode[] terms, boolean isOr, MemoryBudget budget) {
        super(ColumnType.BOOLEAN);
        this.terms = terms;
        this.decisive = isOr;
        this.result = new WritableColumn(budget, ColumnType.BOOLEAN);
    }

    @Override
    public int select(Batch batch, @Nullable SelectionVector in, SelectionVector out) {
        return decisive ? selectAny(batch, in, out) : selectEvery(batch, in, out);
    }

    private int selectEvery(Batch batch, @Nullable SelectionVector in, SelectionVector out) {
        SelectionVector left = in;
        for (ExpressionNode term : terms) {
            if (term.select(batch, left, out) == 0) {
                return 0;
            }
            left = out;
        }
        return out.count();
    }

    private int selectAny(Batch batch, @Nullable SelectionVector in, SelectionVector out) {
        int count = count(batch, in);
        undecided.reserve(count);
        found.reserve(count);
        spare.reserve(count);
        next.reserve(count);
        undecided.setCount(Selects.all(positions(in), count, undecided.positions()));
        found.setCount(0);
        for (ExpressionNode term : terms) {
            if (undecided.count() == 0) {
                break;
            }
            term.select(batch, undecided, next);
            spare.setCount(
                    Selects.union(found.positions(), found.count(), next.positions(), next.count(), spare.positions()));
            SelectionVector united = spare;
            spare = found;
            found = united;
            undecided.setCount(Selects.minus(
                    undecided.positions(), undecided.count(), next.positions(), next.count(), undecided.positions()));
        }
        System.arraycopy(found.positions(), 0, out.positions(), 0, found.count());
        out.setCount(found.count());
        return found.count();
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        int rows = batch.rowCount();
        result.clear();
        result.reserve(rows);
        Memory.fill(result.data(), Bitmaps.bytes(rows), (byte) (decisive ? 0 : -1));
        undecided.reserve(rows);
        undecided.setCount(Selects.all(positions(selection), count(batch, selection), undecided.positions()));
        for (ExpressionNode term : terms) {
            if (undecided.count() == 0) {
                break;
            }
            decide(term.evaluate(batch, undecided));
        }
        result.setRowCount(rows);
        return result.vector();
    }

    private void decide(ColumnVector truth) {
        int[] positions = undecided.positions();
        int left = 0;
        for (int i = 0; i < undecided.count(); i++) {
            int at = positions[i];
            boolean unknown = truth.isNull(at);
            if (unknown) {
                result.setNull(at);
            } else if (truth.getBoolean(at) == decisive) {
                result.setBoolean(at, decisive);
                if (result.hasNulls()) {
                    Memory.setBit(result.validity(), at);
                }
                continue;
            }
            positions[left++] = at;
        }
        undecided.setCount(left);
    }

    @Override
    public void close() {
        for (ExpressionNode term : terms) {
            term.close();
        }
        result.close();
    }
}
