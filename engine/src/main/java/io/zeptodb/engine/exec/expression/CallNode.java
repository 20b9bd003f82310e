package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.kernel.Selects;
import io.zeptodb.engine.plan.TextPlace;
import org.jspecify.annotations.Nullable;

/**
 * A call of a scalar function, casts included. Sees to NULL for strict functions; one that may fail is kept from rows with a NULL
 * argument. A deterministic call of constants is computed once.
 */
final class CallNode extends ExpressionNode {
    private final ScalarFunction function;
    private final ExpressionNode[] children;
    private final FunctionContext context;
    private final @Nullable TextPlace place;
    private final ColumnVector[] arguments;
    private final WritableColumn result;
    private final boolean constant;
    private final boolean texts;
    private @Nullable SelectionVector valid;
    private @Nullable ColumnVector computed;

    /** @param place where the call was written: errors without a place of their own take it */
    CallNode(ScalarFunction function, ExpressionNode[] children, FunctionContext context, @Nullable TextPlace place) {
        super(function.result());
        this.place = place;
        this.function = function;
        this.children = children;
        this.context = context;
        this.arguments = new ColumnVector[children.length];
        this.result = new WritableColumn(context.budget(), function.result());
        this.texts = function.result().kind().isView();
        boolean allConstant = function.deterministic();
        for (ExpressionNode child : children) {
            allConstant &= child.isConstant();
        }
        this.constant = allConstant;
    }

    @Override
    public boolean isConstant() {
        return constant;
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        if (computed != null) {
            return computed;
        }
        try {
            if (constant) {
                computed = evaluate(batch, null, 1).asConstant(true);
                return computed;
            }
            return evaluate(batch, selection, batch.rowCount());
        } catch (EngineException e) {
            throw TextPlace.add(place, e);
        }
    }

    private ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection, int rows) {
        boolean strict = function.nullRule() == NullRule.STRICT;
        boolean nullConstant = false;
        for (int i = 0; i < children.length; i++) {
            arguments[i] = children[i].evaluate(batch, selection);
            nullConstant |= arguments[i].isConstant() && arguments[i].isNull(0);
        }
        result.clear();
        result.reserve(rows);
        if (strict && nullConstant) {
            fillWithNull(rows);
        } else {
            SelectionVector called = strict && function.mayFail() ? withoutNulls(selection, rows) : selection;
            if (texts && called != null) {
                // positions that are not called must not hold views of texts that are gone
                Memory.fill(result.data(), (long) rows * ColumnVector.VIEW_BYTES, (byte) 0);
            }
            if (called == null || called.count() > 0) {
                function.kernel().evaluate(arguments, called, rows, result, context);
            }
            if (strict) {
                mergeValidity(rows);
            }
        }
        result.setRowCount(rows);
        return result.vector();
    }

    private void fillWithNull(int rows) {
        if (texts) {
            Memory.fill(result.data(), (long) rows * ColumnVector.VIEW_BYTES, (byte) 0);
        }
        Memory.fill(result.validity(), Bitmaps.bytes(rows), (byte) 0);
    }

    private @Nullable SelectionVector withoutNulls(@Nullable SelectionVector selection, int rows) {
        SelectionVector narrowed = selection;
        for (ColumnVector argument : arguments) {
            if (argument.hasNulls() && !argument.isConstant()) {
                if (valid == null) {
                    valid = new SelectionVector(rows);
                }
                valid.reserve(rows);
                int count = narrowed == null ? rows : narrowed.count();
                valid.setCount(Selects.bits(argument.validity(), positions(narrowed), count, valid.positions(), 0));
                narrowed = valid;
            }
        }
        return narrowed;
    }

    private void mergeValidity(int rows) {
        for (ColumnVector argument : arguments) {
            if (argument.hasNulls() && !argument.isConstant()) {
                Bitmaps.and(argument.validity(), result.validity(), rows);
            }
        }
    }

    @Override
    public void close() {
        for (ExpressionNode child : children) {
            child.close();
        }
        result.close();
    }
}
