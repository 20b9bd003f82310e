package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.PhysicalPlan.ViewAggregate;
import org.jspecify.annotations.Nullable;

/**
 * An aggregation answered from a materialized view. Where the view cannot (a bound of time cuts a bucket, the view has gone since the statement was
 * planned, its groups take more memory than they may, a row has a value that one of its expressions fails for), and where the table has fewer rows to read
 * than the view has groups, the table is read, with the same answer.
 */
final class ViewAggregateOperator implements Operator {
    /** The class of SQLSTATEs that values cause. */
    private static final String DATA_EXCEPTION = "22";

    private final ViewAggregate plan;
    private final ExecutionContext context;
    private final WritableColumn[] results;
    private final ColumnVector[] columns;
    private final Batch output;
    private @Nullable ViewGroups groups;
    private @Nullable Operator table;
    private boolean started;
    private int written;

    ViewAggregateOperator(ViewAggregate plan, ExecutionContext context) {
        this.plan = plan;
        this.context = context;
        this.results = new WritableColumn[plan.calls().size()];
        this.columns = new ColumnVector[plan.groups().size() + results.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = new WritableColumn(
                    context.budget(), plan.calls().get(i).call().function().result());
        }
        for (int i = 0; i < plan.groups().size(); i++) {
            columns[i] = new ColumnVector(plan.groups().get(i).type());
        }
        this.output = new Batch(columns);
    }

    @Override
    public @Nullable Batch next() {
        if (!started) {
            started = true;
            start();
        }
        Operator rows = table;
        return rows == null ? write() : rows.next();
    }

    private void start() {
        long rows = context.snapshot().table(plan.kept().table().id()).rowCount();
        ViewState state = cutsNoBucket() ? context.views().of(plan.kept().viewId()) : null;
        if (state == null || !state.mayHold(rows) || !state.enter()) {
            table = Operators.open(plan.table(), context);
            return;
        }
        ViewGroups made = null;
        try {
            made = new ViewGroups(plan, context);
            if (state.addTo(made, plan.kept(), ViewSegments.of(plan.table(), context), context)) {
                groups = made;
            }
        } catch (EngineException e) {
            if (!mayTableAnswer(e)) {
                throw e;
            }
        } finally {
            if (made != null && groups == null) {
                made.close();
            }
            state.leave();
        }
        if (groups == null) {
            table = Operators.open(plan.table(), context);
        }
    }

    /** What there is no room for, and an error of a value: it may be in a row that the query does not read. */
    private static boolean mayTableAnswer(EngineException failure) {
        return failure.code() == ErrorCode.OUT_OF_MEMORY || failure.sqlState().startsWith(DATA_EXCEPTION);
    }

    /** Whether each bucket lies on one side of each bound. */
    private boolean cutsNoBucket() {
        for (ViewAggregate.Edge edge : plan.edges()) {
            Object value = Constants.evaluate(edge.bound().value(), context);
            if (value == null) {
                continue; // no row passes, and no group
            }
            long time = (Long) value;
            Comparator operator = edge.bound().operator();
            boolean behind = operator == Comparator.GREATER || operator == Comparator.LESS_OR_EQUAL;
            if (behind && time == Long.MAX_VALUE) {
                return false;
            }
            long begin = behind ? time + 1 : time;
            if (Math.floorMod(begin - edge.origin(), edge.width()) != 0) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Batch write() {
        ViewGroups all = groups;
        int count = all == null ? 0 : Math.min(Batch.ROWS, all.keys().groupCount() - written);
        if (all == null || count == 0) {
            return null;
        }
        context.checkCancelled();
        int keys = plan.groups().size();
        for (int i = 0; i < keys; i++) {
            VectorSlices.slice(all.keys().key(i), written, columns[i]);
        }
        all.aggregates().finish(ViewGroups.FIRST + written, count, results);
        for (int i = 0; i < results.length; i++) {
            columns[keys + i] = results[i].vector();
        }
        written += count;
        return output.set(count, null);
    }

    @Override
    public void close() {
        ViewGroups made = groups;
        groups = null;
        if (made != null) {
            made.close();
        }
        Operator rows = table;
        if (rows != null) {
            rows.close();
        }
        for (WritableColumn result : results) {
            result.close();
        }
    }
}
