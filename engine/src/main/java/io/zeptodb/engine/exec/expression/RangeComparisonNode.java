package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.kernel.OrderRange;
import io.zeptodb.engine.kernel.RangeMarks;
import io.zeptodb.engine.kernel.Selects;
import io.zeptodb.engine.plan.Expression.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Number, date or time compared with a constant: a test whether its order key lies in a range. */
final class RangeComparisonNode extends PredicateNode {
    private final ExpressionNode child;
    private final Comparator operator;
    private final ExpressionNode constant;
    private final ColumnVector[] one = new ColumnVector[1];
    private @Nullable OrderRange range;
    private @Nullable RangeMarks marks;

    RangeComparisonNode(ExpressionNode child, Comparator operator, ExpressionNode constant, MemoryBudget budget) {
        super(budget);
        this.child = child;
        this.operator = operator;
        this.constant = constant;
    }

    static boolean takes(TypeKind kind) {
        return kind != TypeKind.BOOLEAN && kind != TypeKind.SYMBOL && OrderKeys.has(kind);
    }

    @Override
    ColumnVector[] operands(Batch batch, @Nullable SelectionVector selection) {
        if (range == null) {
            Object value = constant instanceof ConstantNode given
                    ? given.value()
                    : BoxedValues.read(constant.evaluate(batch, null), 0);
            if (value == null) {
                return new ColumnVector[] {child.evaluate(batch, selection), constant.evaluate(batch, null)};
            }
            range = rangeOf((Number) value);
        }
        one[0] = child.evaluate(batch, selection);
        return one;
    }

    private OrderRange rangeOf(Number value) {
        boolean negated = operator == Comparator.NOT_EQUAL
                || operator == Comparator.GREATER
                || operator == Comparator.GREATER_OR_EQUAL;
        boolean isFloat = child.type().kind().isFloat();
        return switch (operator) {
            case EQUAL, NOT_EQUAL ->
                isFloat ? OrderRange.equal(value.doubleValue(), negated) : OrderRange.equal(value.longValue(), negated);
            case LESS, GREATER_OR_EQUAL ->
                isFloat ? OrderRange.less(value.doubleValue(), negated) : OrderRange.less(value.longValue(), negated);
            case LESS_OR_EQUAL, GREATER ->
                isFloat
                        ? OrderRange.lessOrEqual(value.doubleValue(), negated)
                        : OrderRange.lessOrEqual(value.longValue(), negated);
            default -> throw new IllegalArgumentException("no range for " + operator);
        };
    }

    @Override
    int test(int @Nullable [] in, int count, int[] out) {
        OrderRange r = Objects.requireNonNull(range);
        ColumnVector vector = one[0];
        long data = vector.data();
        return switch (vector.type().kind()) {
            case TINYINT -> Selects.bytes(data, in, count, out, r.low(), r.high(), r.flip());
            case SMALLINT -> Selects.shorts(data, in, count, out, r.low(), r.high(), r.flip());
            case INTEGER, DATE, INTERVAL_MONTH -> Selects.ints(data, in, count, out, r.low(), r.high(), r.flip());
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY ->
                Selects.longs(data, in, count, out, r.low(), r.high(), r.flip());
            case REAL -> Selects.floats(data, in, count, out, r.low(), r.high(), r.flip());
            case DOUBLE -> Selects.doubles(data, in, count, out, r.low(), r.high(), r.flip());
            default -> throw new IllegalStateException("no range test for a vector of type " + vector.type());
        };
    }

    @Override
    boolean marks() {
        return range != null
                && switch (child.type().kind()) {
                    case DOUBLE, BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> true;
                    default -> false;
                };
    }

    @Override
    int mark(int rows, long @Nullable [][] among, long[][] out) {
        OrderRange r = Objects.requireNonNull(range);
        RangeMarks marker = marks == null ? new RangeMarks() : marks;
        marks = marker;
        ColumnVector vector = one[0];
        return vector.type().kind() == TypeKind.DOUBLE
                ? marker.doubles(vector.data(), rows, r, among, out)
                : marker.longs(vector.data(), rows, r, among, out);
    }

    @Override
    public boolean isConstant() {
        return child.isConstant();
    }

    @Override
    public void close() {
        super.close();
        child.close();
        constant.close();
    }
}
