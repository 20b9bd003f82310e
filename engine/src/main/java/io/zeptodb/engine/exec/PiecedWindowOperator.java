package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Window functions over more rows than memory holds. The input comes partition by partition, each in the window's order; of it only those rows
 * are in memory that frames of rows to come reach back to, a piece of new ones, and those that must be seen before the piece can be computed.
 * Pieces are at least as long as what is kept, so that a row is moved a few times at most. What frames reach to must fit memory.
 */
final class PiecedWindowOperator implements Operator {
    private static final int LEAST_PIECE = 4 * Batch.ROWS;
    /** Batches begin at a multiple of this, so that validity bits can be pointed at. */
    private static final int ALIGNMENT = 8;

    private final PhysicalPlan.Window plan;
    private final ExecutionContext context;
    private final Operator input;
    private final int leastPiece;
    private final ColumnVector[] columns;
    private final Batch output;
    private final List<WritableColumn> results = new ArrayList<>();
    private final PieceStart start = new PieceStart();
    private List<WindowPiece> calls = List.of();
    private boolean countsPeers;
    private @Nullable PartitionTotals totals;
    private @Nullable Operator source;
    private RowStore store;
    private RowStore spare;
    private @Nullable WindowRows rows;
    private boolean inputEnded;
    /** Rows of the store that are computed. */
    private int ready;
    /** The first of them that was not given out. */
    private int next;

    PiecedWindowOperator(PhysicalPlan.Window plan, ExecutionContext context, Operator input) {
        this(plan, context, input, LEAST_PIECE);
    }

    /**
     * @param input taken over when this does not fail
     * @param leastPiece new rows of a piece
     */
    PiecedWindowOperator(PhysicalPlan.Window plan, ExecutionContext context, Operator input, int leastPiece) {
        this.plan = plan;
        this.context = context;
        this.input = input;
        this.leastPiece = leastPiece;
        store = new RowStore(plan.input().types(), context.budget());
        spare = new RowStore(plan.input().types(), context.budget());
        columns = plan.types().stream().map(ColumnVector::new).toArray(ColumnVector[]::new);
        output = new Batch(columns);
        plan.calls().forEach(call -> results.add(new WritableColumn(context.budget(), call.type())));
    }

    @Override
    public @Nullable Batch next() {
        context.checkCancelled();
        while (next >= ready) {
            if (inputEnded) {
                return null;
            }
            nextPiece();
        }
        int count = Math.min(Batch.ROWS, ready - next);
        ColumnVector[] stored = store.columns();
        for (int i = 0; i < columns.length; i++) {
            ColumnVector from = i < stored.length
                    ? stored[i]
                    : results.get(i - stored.length).vector();
            WindowOperator.slice(from, next, columns[i]);
        }
        next += count;
        return output.set(count, null);
    }

    private Operator source() {
        Operator from = source;
        if (from == null) {
            totals = WindowPieces.totals(plan, context);
            from = totals == null ? input : totals.pass(input);
            source = from;
            calls = WindowPieces.pieces(plan, context, totals);
            countsPeers = calls.stream().anyMatch(WindowPiece::countsPeers);
        }
        return from;
    }

    private void nextPiece() {
        Operator from = source();
        drop();
        int computed = ready;
        long wanted = Math.max(computed + (long) leastPiece, 2L * computed);
        while (true) {
            read(from, wanted);
            WindowRows all = rows;
            if (all == null || all.rowCount() == 0) {
                return;
            }
            ready = ready(all, computed);
            if (ready > computed || inputEnded) {
                compute(all, computed);
                return;
            }
            wanted = 2L * store.rowCount();
        }
    }

    private void read(Operator from, long wanted) {
        closeRows();
        while (!inputEnded && store.rowCount() < wanted) {
            context.checkCancelled();
            Batch batch = from.next();
            if (batch == null) {
                inputEnded = true;
            } else {
                store.append(batch);
            }
        }
        rows = WindowRows.ordered(plan, context.budget(), store);
    }

    /** The rows that can be computed: all of partitions that have ended. */
    private int ready(WindowRows all, int computed) {
        if (inputEnded) {
            return all.rowCount();
        }
        int last = Math.max(computed, all.partitionStarts()[all.partitionCount() - 1]);
        int least = all.rowCount();
        for (WindowPiece call : calls) {
            least = Math.min(least, call.ready(all, last));
        }
        return Math.max(computed, least / ALIGNMENT * ALIGNMENT);
    }

    private void compute(WindowRows all, int from) {
        for (int i = 0; i < results.size(); i++) {
            context.checkCancelled();
            WritableColumn result = results.get(i);
            result.clear();
            result.reserve(all.rowCount());
            result.setRowCount(from);
            calls.get(i).compute(all, start, from, ready, result);
        }
        next = from;
    }

    /** Gives up the rows that no row to come can reach. The last one computed stays: the next one is compared to it. */
    private void drop() {
        WindowRows all = rows;
        if (all == null || ready == 0) {
            return;
        }
        int open = all.partitionStarts()[all.partitionOf(Math.min(ready, all.rowCount() - 1))];
        int keep = ready - 1;
        for (WindowPiece call : calls) {
            keep = Math.min(keep, Math.max(open, call.keepFrom(all, ready)));
        }
        keep = keep / ALIGNMENT * ALIGNMENT;
        if (keep <= 0) {
            return;
        }
        start.move(all, keep, countsPeers);
        closeRows();
        int count = store.rowCount() - keep;
        int[] kept = new int[Math.min(count, Batch.ROWS)];
        spare.clear();
        for (int from = 0; from < count; from += kept.length) {
            context.checkCancelled();
            int length = Math.min(kept.length, count - from);
            for (int i = 0; i < length; i++) {
                kept[i] = keep + from + i;
            }
            spare.append(store, kept, length);
        }
        store.clear();
        RowStore emptied = store;
        store = spare;
        spare = emptied;
        for (WindowPiece call : calls) {
            call.dropped(keep);
        }
        ready -= keep;
        next -= keep;
    }

    private void closeRows() {
        WindowRows all = rows;
        rows = null;
        if (all != null) {
            all.closeNumbers();
        }
    }

    @Override
    public void close() {
        inputEnded = true;
        next = ready;
        Closing closing = new Closing();
        closing.then(this::closeRows);
        closing.each(calls, WindowPiece::close);
        closing.each(results, WritableColumn::close);
        closing.then(store::close);
        closing.then(spare::close);
        Operator from = source;
        if (from != null) {
            closing.then(from::close);
        }
        closing.then(input::close);
        PartitionTotals pass = totals;
        if (pass != null) {
            closing.then(pass::close);
        }
        closing.finish();
        calls = List.of();
        totals = null;
    }
}
