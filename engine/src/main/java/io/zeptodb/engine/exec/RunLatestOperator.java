package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.plan.PhysicalPlan.RunAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.RunLatest;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The last values of each partition key, read backwards: segments from the newest on, of each run only its end, and more of it as long as no row there
 * passes the filters. A run is left out when its key has a later row already, and a segment when all keys have. Runs that are not in time order
 * are read whole. One thread.
 */
final class RunLatestOperator implements Operator {
    /** Rows of a run's end that are read first when a filter may leave some out; each further try takes {@link #GROWTH} times as many. */
    private static final int FIRST_ROWS = 64;

    private static final int GROWTH = 8;
    private static final int MOST_ROWS = Morsels.ROWS;

    private final ExecutionContext context;
    private final ScanRanges source;
    private final RunAggregation aggregation;
    private final RangeReader reader;
    private final RunEnds ends;
    private final LatestTimes latest;
    private final RunGroupOutput output;
    private final int timeColumn;
    private final int firstRows;
    private MemoryWatch watch;
    private boolean aggregated;

    RunLatestOperator(RunLatest plan, ExecutionContext context) {
        RunAggregate aggregate = plan.aggregate();
        this.context = context;
        this.watch = context.watchMemory();
        this.source = new ScanRanges(aggregate.scan(), context);
        this.timeColumn = aggregate
                .scan()
                .ordinals()
                .indexOf(aggregate.scan().table().schema().timestampOrdinal());
        this.firstRows = aggregate.scan().filters().isEmpty() ? 1 : FIRST_ROWS;
        this.ends = new RunEnds(source, context.budget());
        this.latest = new LatestTimes(source, context.budget());
        this.output = new RunGroupOutput(aggregate, source, context);
        this.aggregation = new RunAggregation(aggregate, source, null, context);
        this.reader = Inputs.closingOnFailure(aggregation, () -> new RangeReader(source, context));
    }

    @Override
    public @Nullable Batch next() {
        if (!aggregated) {
            watch = context.watchMemory();
            newestFirst().forEach(this::readSegment);
            aggregation.aggregates().complete();
            aggregated = true;
        }
        return output.next(aggregation);
    }

    /** Numbers of the segments, the one that ends last first; those without a time at the end. */
    private List<Integer> newestFirst() {
        return IntStream.range(0, source.segmentCount())
                .boxed()
                .sorted((a, b) -> Long.compare(endOf(b), endOf(a)))
                .toList();
    }

    private long endOf(int number) {
        SegmentSnapshot segment = source.segment(number);
        return segment.hasTimeRange() ? segment.maxTime() : Long.MIN_VALUE;
    }

    private void readSegment(int number) {
        context.checkCancelled();
        if (latest.allAfter(number, endOf(number))) {
            return;
        }
        ends.begin(number, latest);
        int rows = firstRows;
        while (ends.hasNext()) {
            RangeList list = ends.take(rows);
            if (list.size() == 0) {
                rows = Math.min(MOST_ROWS, rows * GROWTH);
                ends.nextRound();
                continue;
            }
            reader.begin(list);
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                watch.check(0);
                note(batch);
                aggregation.consume(batch, reader, list);
            }
        }
    }

    /** Remembers for each piece of a batch the time of its latest row that counts. */
    private void note(Batch batch) {
        SelectionVector selection = batch.selection();
        ColumnVector times = batch.column(timeColumn);
        int at = 0;
        int from = 0;
        for (int piece = 0; piece < reader.pieces(); piece++) {
            int end = reader.pieceEnd(piece);
            long best = Long.MIN_VALUE;
            boolean found = false;
            if (selection == null) {
                for (int row = from; row < end; row++) {
                    if (!times.isNull(row)) {
                        best = Math.max(best, time(times, row));
                        found = true;
                    }
                }
            } else {
                int[] positions = selection.positions();
                for (; at < selection.count() && positions[at] < end; at++) {
                    if (!times.isNull(positions[at])) {
                        best = Math.max(best, time(times, positions[at]));
                        found = true;
                    }
                }
            }
            if (found) {
                latest.note(ends.found(reader.pieceRange(piece)), best);
            }
            from = end;
        }
    }

    private static long time(ColumnVector times, int row) {
        return Memory.getLong(times.data() + ((long) (row & times.mask()) << 3));
    }

    @Override
    public void close() {
        reader.close();
        aggregation.close();
        output.close();
        ends.close();
        latest.close();
    }
}
