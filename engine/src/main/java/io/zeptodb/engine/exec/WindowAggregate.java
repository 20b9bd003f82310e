package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate over any ranges of rows, in any order. A short range is aggregated from its rows, a long one from its ends and from blocks between them
 * ({@link PairedRows}), so that its width hardly matters. COUNT(*) is the width. FILTER leaves its rows out beforehand. DISTINCT alone goes through all rows
 * of each range. Owned by one operator; one thread.
 */
final class WindowAggregate implements AutoCloseable {
    private final ExecutionContext context;
    private final MemoryBudget budget;
    private final AggregateCall call;
    private final AggregateFunction function;
    private final ColumnVector[] arguments;
    private final WritableColumn scratch;
    private final PairedRows pairs;
    private final List<WritableColumn> passing = new ArrayList<>();
    /** For each place, how many before it pass the filter; empty without a filter. */
    private final AccountedInts ranks;

    private int[] groupOf = new int[Batch.ROWS];
    private int[] froms = new int[Batch.ROWS];
    private int[] tos = new int[Batch.ROWS];

    /**
     * @param arguments over all places
     * @param filter BOOLEAN over all places, or null
     */
    WindowAggregate(
            ExecutionContext context,
            AggregateCall call,
            List<ColumnVector> arguments,
            @Nullable ColumnVector filter,
            int places) {
        this.context = context;
        this.budget = context.budget();
        this.call = call;
        this.function = call.function();
        this.arguments = arguments.toArray(ColumnVector[]::new);
        ranks = new AccountedInts(budget);
        int rows = filter == null ? places : keepPassing(filter, places);
        scratch = new WritableColumn(budget, function.result());
        pairs = new PairedRows(budget, function, this.arguments, rows);
    }

    /** Leaves the arguments of the rows that pass. */
    private int keepPassing(ColumnVector filter, int places) {
        ranks.reserve(places + 1);
        int[] to = ranks.values();
        int[] step = new int[Batch.ROWS];
        List<WritableColumn> kept = new ArrayList<>();
        for (ColumnVector argument : arguments) {
            kept.add(new WritableColumn(budget, argument.type()));
        }
        passing.addAll(kept);
        int rank = 0;
        int pending = 0;
        for (int place = 0; place < places; place++) {
            to[place] = rank;
            if (!filter.isNull(place) && filter.getBoolean(place)) {
                rank++;
                step[pending++] = place;
            }
            if (pending == step.length) {
                append(kept, step, pending);
                pending = 0;
            }
        }
        append(kept, step, pending);
        to[places] = rank;
        ranks.setSize(places + 1);
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = kept.get(i).vector();
        }
        return rank;
    }

    private void append(List<WritableColumn> kept, int[] places, int count) {
        budget.poll();
        for (int i = 0; i < arguments.length; i++) {
            kept.get(i).append(arguments[i], places, count);
        }
    }

    /**
     * @param firsts first place of the range of each selected position of the batch
     * @param ends place behind the last
     * @param result is replaced: a row for each position of the batch
     */
    void compute(Batch batch, int[] firsts, int[] ends, WritableColumn result) {
        int rowCount = batch.rowCount();
        makeRoom(rowCount);
        SelectionVector selection = batch.selection();
        int count = batch.selectedCount();
        boolean filtered = ranks.size() > 0;
        for (int i = 0; i < count; i++) {
            int position = selection == null ? i : selection.positions()[i];
            froms[i] = filtered ? ranks.get(firsts[position]) : firsts[position];
            tos[i] = filtered ? ranks.get(ends[position]) : ends[position];
        }
        if (function.parameters().isEmpty()) {
            count(selection, count, rowCount, result);
            return;
        }
        int groups = assignGroups(selection, count, rowCount);
        scratch.clear();
        scratch.reserve(groups);
        if (call.distinct()) {
            aggregateDistinct(groups);
        } else {
            aggregate(groups);
        }
        result.clear();
        result.append(scratch.vector(), groupOf, rowCount);
    }

    private void makeRoom(int rowCount) {
        if (groupOf.length < rowCount) {
            groupOf = new int[rowCount];
            froms = new int[rowCount];
            tos = new int[rowCount];
        }
    }

    /** COUNT(*). */
    private void count(@Nullable SelectionVector selection, int count, int rowCount, WritableColumn result) {
        result.clear();
        result.reserve(rowCount);
        long to = result.data();
        for (int i = 0; i < count; i++) {
            int position = selection == null ? i : selection.positions()[i];
            Memory.putLong(to + ((long) position << 3), (long) tos[i] - froms[i]);
        }
        result.setRowCount(rowCount);
    }

    /** Equal ranges that follow each other are one group; keeps the first of each. */
    private int assignGroups(@Nullable SelectionVector selection, int count, int rowCount) {
        if (selection != null) {
            Arrays.fill(groupOf, 0, rowCount, 0);
        }
        int groups = 0;
        for (int i = 0; i < count; i++) {
            boolean same = groups > 0 && froms[i] == froms[groups - 1] && tos[i] == tos[groups - 1];
            if (!same) {
                froms[groups] = froms[i];
                tos[groups] = tos[i];
                groups++;
            }
            groupOf[selection == null ? i : selection.positions()[i]] = groups - 1;
        }
        return groups;
    }

    private void aggregate(int groups) {
        try (Aggregator state = function.newAggregator(budget)) {
            state.reserve(groups);
            pairs.begin(state);
            for (int group = 0; group < groups; group++) {
                pairs.addRange(froms[group], tos[group], group);
            }
            pairs.flush();
            state.finish(0, groups, scratch);
            scratch.setRowCount(groups);
        }
    }

    private void aggregateDistinct(int groups) {
        List<Expression> columns = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            columns.add(new Expression.Column(i, arguments[i].type()));
        }
        AggregateCall overPairs = new AggregateCall(function, columns, true, null, call.name());
        try (AggregateState state = new AggregateState(overPairs, context)) {
            state.reserve(groups);
            pairs.begin(state);
            for (int group = 0; group < groups; group++) {
                pairs.addRows(froms[group], tos[group], group);
            }
            pairs.flush();
            state.complete();
            state.finish(0, groups, scratch);
            scratch.setRowCount(groups);
        }
    }

    @Override
    public void close() {
        for (WritableColumn column : passing) {
            column.close();
        }
        ranks.close();
        scratch.close();
        pairs.close();
    }
}
