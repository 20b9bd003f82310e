package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.TextPlace;
import io.zeptodb.engine.plan.WindowCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Window functions by key and time over a table whose runs are ordered and follow each other in time: the rows pass as the scan gives them, and
 * of each key only the last few values are kept. Nothing is sorted and no column copied. Partitions come out in pieces, each key's rows in
 * order.
 */
final class RunWindowOperator implements Operator {
    private final ExecutionContext context;
    private final TableScanOperator scan;
    private final Operator input;
    private final int keyColumn;
    private final List<RunCall> calls;
    private final List<@Nullable TextPlace> places = new ArrayList<>();
    private final @Nullable RunHistory[] histories;
    private final @Nullable ExponentialAverage[] averages;
    private final WritableColumn[] results;
    private final RunFrames frames;
    private final GroupTable keys;
    private final AccountedInts seen;
    private final ColumnVector[] columns;
    private final Batch output;
    private final SelectionVector firsts = new SelectionVector(Batch.ROWS);
    private final int[] groups = new int[Batch.ROWS];

    private RunWindowOperator(
            PhysicalPlan.Window plan,
            ExecutionContext context,
            TableScanOperator scan,
            Operator input,
            List<RunCall> calls) {
        this.context = context;
        this.scan = scan;
        this.input = input;
        this.calls = calls;
        plan.calls().forEach(call -> places.add(call.place()));
        keyColumn = plan.partitionBy().isEmpty() ? -1 : plan.partitionBy().get(0);
        histories = new RunHistory[calls.size()];
        averages = new ExponentialAverage[calls.size()];
        results = new WritableColumn[calls.size()];
        for (int i = 0; i < results.length; i++) {
            RunCall call = calls.get(i);
            results[i] =
                    new WritableColumn(context.budget(), plan.calls().get(i).type());
            if (call.function() == RunCall.Function.EMA) {
                averages[i] = ExponentialAverage.of(plan.calls().get(i), context);
            } else if (call.column() >= 0) {
                histories[i] = new RunHistory(context.budget(), Math.max(1, call.back()), call.isExtreme());
            }
        }
        frames = new RunFrames(context.budget());
        keys = new GroupTable(
                context.budget(),
                keyColumn < 0
                        ? List.of()
                        : List.of(plan.input().columns().get(keyColumn).type()));
        seen = new AccountedInts(context.budget());
        columns = plan.types().stream().map(ColumnVector::new).toArray(ColumnVector[]::new);
        output = new Batch(columns);
    }

    /** The operator when the plan and the state of the table allow it, else null. */
    static @Nullable Operator open(PhysicalPlan.Window plan, ExecutionContext context) {
        PhysicalPlan.Project project = plan.input() instanceof PhysicalPlan.Project over ? over : null;
        PhysicalPlan below = project == null ? plan.input() : project.input();
        if (!(below instanceof TableScan table) || !table.filters().isEmpty() || !goesByRuns(plan, project, table)) {
            return null;
        }
        List<RunCall> calls = new ArrayList<>();
        int depth = 1;
        for (WindowCall each : plan.calls()) {
            RunCall call = RunCall.of(each, context);
            if (call == null) {
                return null;
            }
            calls.add(call);
            depth = Math.max(depth, call.back());
        }
        ScanRanges ranges = new ScanRanges(table, context);
        if (!runsFollow(ranges, depth)) {
            return null;
        }
        TableScanOperator scan = new TableScanOperator(new Morsels(ranges, context.budget()), context);
        Operator input = project == null ? scan : new ProjectOperator(scan, project.expressions(), context);
        return Inputs.closingOnFailure(input, () -> new RunWindowOperator(plan, context, scan, input, calls));
    }

    /** Whether partitions are the table's keys and the order is the time's. */
    private static boolean goesByRuns(
            PhysicalPlan.Window plan, PhysicalPlan.@Nullable Project project, TableScan table) {
        TableSchema schema = table.table().schema();
        boolean byKey = schema.keyOrdinal() < 0
                ? plan.partitionBy().isEmpty()
                : plan.partitionBy().size() == 1
                        && ordinal(plan.partitionBy().get(0), project, table) == schema.keyOrdinal();
        List<SortKey> order = plan.sortKeys();
        boolean byTime = schema.timestampOrdinal() >= 0
                && !order.isEmpty()
                && order.size() <= 2
                && order.stream().noneMatch(SortKey::descending)
                && ordinal(order.get(0).column(), project, table) == schema.timestampOrdinal();
        return byKey
                && byTime
                && (order.size() == 1 || ordinal(order.get(1).column(), project, table) == SegmentSnapshot.SEQUENCE);
    }

    private static int ordinal(int column, PhysicalPlan.@Nullable Project project, TableScan table) {
        if (project == null) {
            return table.ordinals().get(column);
        }
        return project.expressions().get(column) instanceof Expression.Column passed
                ? table.ordinals().get(passed.index())
                : Integer.MIN_VALUE;
    }

    /** Whether each key's rows come in time order, run after run, and what must be kept of the keys is small beside the rows. */
    private static boolean runsFollow(ScanRanges ranges, int depth) {
        long runs = 0;
        for (int i = 0; i < ranges.segmentCount(); i++) {
            SegmentSnapshot segment = ranges.segment(i);
            runs += segment.runCount();
            boolean follows = i == 0 || ranges.segment(i - 1).maxTime() < segment.minTime();
            if (!segment.timeOrdered() || !segment.hasTimeRange() || !follows) {
                return false;
            }
        }
        // rows of a key are counted by int
        return ranges.rowBound() <= Integer.MAX_VALUE
                && runs * depth <= Math.max(ranges.rowBound() * 2, Batch.ROWS * (long) RunCall.MOST_ROWS_BACK);
    }

    @Override
    public @Nullable Batch next() {
        context.checkCancelled();
        Batch batch = input.next();
        if (batch == null) {
            return null;
        }
        if (batch.selection() != null) {
            throw new IllegalStateException("a scan without filters gave a selection");
        }
        int rowCount = batch.rowCount();
        for (WritableColumn result : results) {
            result.clear();
            result.reserve(rowCount);
        }
        numberKeys(batch);
        int from = 0;
        for (int piece = 0; piece < scan.pieces(); piece++) {
            int end = scan.pieceEnd(piece);
            compute(batch, groups[from], from, end - from);
            from = end;
        }
        int inputColumns = columns.length - results.length;
        for (int i = 0; i < columns.length; i++) {
            if (i < inputColumns) {
                columns[i].pointLike(batch.column(i));
            } else {
                WritableColumn result = results[i - inputColumns];
                result.setRowCount(rowCount);
                columns[i].pointLike(result.vector());
            }
        }
        return output.set(rowCount, null);
    }

    /** The number of each piece's key, at its first position. */
    private void numberKeys(Batch batch) {
        firsts.reserve(scan.pieces());
        int first = 0;
        for (int piece = 0; piece < scan.pieces(); piece++) {
            firsts.positions()[piece] = first;
            first = scan.pieceEnd(piece);
        }
        firsts.setCount(scan.pieces());
        ColumnVector[] key = keyColumn < 0 ? new ColumnVector[0] : new ColumnVector[] {batch.column(keyColumn)};
        keys.assign(key, firsts, batch.rowCount(), groups);
        while (seen.size() < keys.groupCount()) {
            seen.add(0);
        }
    }

    private void compute(Batch batch, int key, int from, int count) {
        int before = seen.get(key);
        for (int i = 0; i < results.length; i++) {
            RunCall call = calls.get(i);
            ExponentialAverage average = averages[i];
            if (average != null) {
                average.compute(key, batch, from, count, results[i]);
                continue;
            }
            RunHistory history = histories[i];
            if (history == null) {
                number(call, before, count, results[i], from);
                continue;
            }
            ColumnVector argument = batch.column(call.column());
            if (call.function() == RunCall.Function.LAG || call.function() == RunCall.Function.FILL) {
                results[i].setDictionary(argument.dictionary());
            }
            int have = Math.min(before, history.depth());
            history.load(key, have, argument, from, count);
            try {
                aggregate(call.function(), new RunFrames.Run(history, have, count, call.back(), results[i], from));
            } catch (EngineException e) {
                throw TextPlace.add(places.get(i), e);
            }
            history.save(key, have, count);
        }
        seen.values()[key] = before + count;
    }

    private static void number(RunCall call, int before, int count, WritableColumn result, int from) {
        boolean counts = call.function() == RunCall.Function.COUNT_ROWS;
        for (int i = 0; i < count; i++) {
            long number = before + i + 1L;
            result.setLong(from + i, counts ? Math.min(number, call.back() + 1L) : number);
        }
    }

    private void aggregate(RunCall.Function function, RunFrames.Run run) {
        switch (function) {
            case COUNT -> RunFrames.count(run);
            case SUM_LONGS -> RunFrames.sumLongs(run);
            case AVERAGE_LONGS -> RunFrames.averageLongs(run);
            case SUM_DOUBLES -> frames.sumDoubles(run, false);
            case AVERAGE_DOUBLES -> frames.sumDoubles(run, true);
            case MIN -> frames.extreme(run, false);
            case MAX -> frames.extreme(run, true);
            case LAG -> RunFrames.lag(run);
            case FILL -> RunFrames.fill(run);
            default -> throw new IllegalArgumentException("no loop over runs for " + function);
        }
    }

    @Override
    public void close() {
        input.close();
        for (RunHistory history : histories) {
            if (history != null) {
                history.close();
            }
        }
        for (ExponentialAverage average : averages) {
            if (average != null) {
                average.close();
            }
        }
        for (WritableColumn result : results) {
            result.close();
        }
        frames.close();
        keys.close();
        seen.close();
    }
}
