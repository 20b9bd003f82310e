package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Window;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.WindowCall;
import io.zeptodb.engine.plan.WindowCall.BoundKind;
import io.zeptodb.engine.plan.WindowCall.Exclusion;
import io.zeptodb.engine.plan.WindowCall.FrameUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How each call of a window is computed over rows that do not fit memory. The rows are sorted, on disk if need be, and pass once, or twice when
 * something must be known of whole partitions first. What can be computed neither way is a frame that ends with the partition but begins near the
 * row, one that begins with the partition and leaves rows out or ends months away, and NTH_VALUE, LAG and LEAD that count to where no constant says. Stateless.
 */
final class WindowPieces {
    private static final long MOST_ROWS = Integer.MAX_VALUE;

    private WindowPieces() {}

    private enum Form {
        RANKED,
        RANKED_BY_SIZE,
        SHIFTED,
        AVERAGE,
        NEAR,
        RUNNING,
        WHOLE,
        NONE
    }

    /** Whether every call of a window can be computed in pieces. */
    static boolean canCompute(Window plan) {
        return plan.calls().stream().allMatch(call -> form(plan, call) != Form.NONE);
    }

    private static Form form(Window plan, WindowCall call) {
        return switch (call.kind()) {
            case ROW_NUMBER, RANK, DENSE_RANK -> Form.RANKED;
            case PERCENT_RANK, CUME_DIST -> Form.RANKED_BY_SIZE;
            case NTILE -> ExpressionTree.isConstant(call.arguments().get(0)) ? Form.RANKED_BY_SIZE : Form.NONE;
            case LAG, LEAD ->
                call.arguments().size() < 2
                                || ExpressionTree.isConstant(call.arguments().get(1))
                        ? Form.SHIFTED
                        : Form.NONE;
            case EMA, EMA_ALPHA, EMA_HALFLIFE -> Form.AVERAGE;
            default -> ofFrame(plan, call);
        };
    }

    private static Form ofFrame(Window plan, WindowCall call) {
        BoundKind start = call.frame().start().kind();
        BoundKind end = call.frame().end().kind();
        boolean allArePeers = plan.orderBy().isEmpty() && call.frame().unit() != FrameUnit.ROWS;
        boolean begins = start == BoundKind.UNBOUNDED_PRECEDING || (allArePeers && start == BoundKind.CURRENT_ROW);
        boolean ends = end == BoundKind.UNBOUNDED_FOLLOWING || (allArePeers && end == BoundKind.CURRENT_ROW);
        boolean leavesOut = call.frame().exclusion() != Exclusion.NONE;
        boolean nth = call.kind() == WindowCall.Kind.NTH_VALUE;
        if (!begins && !ends) {
            return nth && !ExpressionTree.isConstant(call.arguments().get(1)) ? Form.NONE : Form.NEAR;
        }
        if (!begins || leavesOut || nth || isMonths(call.frame().end())) {
            return Form.NONE;
        }
        return ends ? Form.WHOLE : Form.RUNNING;
    }

    /** Whether a frame's end may go back from row to row: a row that has joined cannot leave. */
    private static boolean isMonths(WindowCall.Bound end) {
        return end.offset() != null && end.offset().type().kind() == TypeKind.INTERVAL_MONTH;
    }

    /**
     * The operator over an input in any order.
     *
     * @param plan one that {@link #canCompute}
     * @param input taken over, also when this fails
     */
    static Operator open(Window plan, ExecutionContext context, Operator input) {
        List<SortKey> keys = new ArrayList<>();
        plan.partitionBy().forEach(column -> keys.add(new SortKey(column, false, false)));
        keys.addAll(plan.sortKeys());
        Operator sorted = keys.isEmpty()
                ? input
                : Inputs.closingOnFailure(
                        input, () -> new SortOperator(new PhysicalPlan.Sort(plan.input(), keys), context, input));
        return overSorted(plan, context, sorted);
    }

    /** The operator over an input that comes partition by partition, each in its order. */
    static Operator overSorted(Window plan, ExecutionContext context, Operator sorted) {
        return Inputs.closingOnFailure(sorted, () -> new PiecedWindowOperator(plan, context, sorted));
    }

    /** What the pass before must find out; null when one pass is enough. */
    static @Nullable PartitionTotals totals(Window plan, ExecutionContext context) {
        List<PartitionTotals.Total> totals = new ArrayList<>();
        boolean sizes = false;
        for (WindowCall call : plan.calls()) {
            Form form = form(plan, call);
            sizes |= form == Form.RANKED_BY_SIZE;
            if (form == Form.WHOLE) {
                totals.add(new PartitionTotals.Total(aggregate(call), call.arguments()));
            }
        }
        return sizes || !totals.isEmpty()
                ? new PartitionTotals(context, plan.input().types(), plan.partitionBy(), totals)
                : null;
    }

    /** The calls in pieces, in their order. */
    static List<WindowPiece> pieces(Window plan, ExecutionContext context, @Nullable PartitionTotals totals) {
        List<WindowPiece> pieces = new ArrayList<>();
        try {
            int wholes = 0;
            for (WindowCall call : plan.calls()) {
                Form form = form(plan, call);
                pieces.add(piece(form, call, context, totals, wholes));
                wholes += form == Form.WHOLE ? 1 : 0;
            }
            return pieces;
        } catch (RuntimeException | Error e) {
            new Closing().each(pieces, WindowPiece::close).addTo(e);
            throw e;
        }
    }

    private static WindowPiece piece(
            Form form, WindowCall call, ExecutionContext context, @Nullable PartitionTotals totals, int whole) {
        return switch (form) {
            case RANKED -> new NumberedPiece(context, call, null);
            case RANKED_BY_SIZE -> new NumberedPiece(context, call, known(totals));
            case SHIFTED -> new ShiftedPiece(context, call, shift(call, context));
            case AVERAGE -> new AveragePiece(context, call);
            case NEAR -> new FramePiece(context, call);
            case RUNNING -> new RunningPiece(context, call, aggregate(call));
            case WHOLE -> new TotalPiece(context, call, known(totals), whole);
            case NONE -> throw new IllegalArgumentException("cannot be computed in pieces: " + call);
        };
    }

    private static PartitionTotals known(@Nullable PartitionTotals totals) {
        if (totals == null) {
            throw new IllegalStateException("no pass before");
        }
        return totals;
    }

    /** Toward later rows when positive; 0 for NULL, which gives NULL wherever it leads. */
    private static long shift(WindowCall call, ExecutionContext context) {
        Object given = call.arguments().size() < 2
                ? (Object) 1L
                : Constants.evaluate(call.arguments().get(1), context);
        long rows = given instanceof Number number ? number.longValue() : 0;
        long bounded = Math.max(-MOST_ROWS, Math.min(MOST_ROWS, rows));
        return call.kind() == WindowCall.Kind.LAG ? -bounded : bounded;
    }

    /** The aggregate that a call is over a frame that begins with its partition. */
    private static AggregateFunction aggregate(WindowCall call) {
        if (call.aggregate() != null) {
            return call.aggregate();
        }
        Expression value = call.arguments().get(0);
        String pick = call.kind() == WindowCall.Kind.FIRST_VALUE ? "first" : "last";
        return FunctionRegistry.standard()
                .aggregate(call.ignoreNulls() ? pick + "_not_null" : pick, List.<ColumnType>of(value.type()));
    }
}
