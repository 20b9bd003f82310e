package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.plan.Expression;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The right side of a join by keys and time while it is read: which key each row has, and when. Rows without a key or a time count, and have no key.
 * What the rows hold besides is kept by who owns this, one operator; one thread.
 */
final class TimedRows implements AutoCloseable {
    private final ExecutionContext context;
    private final List<ColumnType> types;
    private final JoinKeys keys;
    private final ExpressionEvaluator time;
    private final int sequence;
    private final String name;
    private final String what;
    private final GroupTable table;
    private final WritableColumn times;
    private final AccountedInts groupOfRow;
    private final SelectionVector timed = new SelectionVector(Batch.ROWS);
    private @Nullable WritableColumn sequences;
    private @Nullable RowsByGroup byKey;
    private @Nullable AsofIndex index;
    private int rowCount;
    /** Whether the rows with a key have come in the order of time and sequence, so that the rows of each key did. */
    private boolean inOrder = true;

    private long lastTime = Long.MIN_VALUE;
    private long lastSequence = Long.MIN_VALUE;
    private int[] groups = new int[Batch.ROWS];
    private long[] longs = new long[Batch.ROWS];

    /**
     * @param keys of the right side, as {@code types}
     * @param sequence column of the batches that orders equal times, or -1
     * @param name of the join in errors
     */
    TimedRows(
            ExecutionContext context,
            List<Expression> keys,
            List<ColumnType> types,
            Expression time,
            int sequence,
            String name) {
        this.context = context;
        this.types = types;
        this.keys = new JoinKeys(keys, types, new boolean[types.size()], context);
        this.time = new ExpressionEvaluator(time, context);
        this.sequence = sequence;
        this.name = name;
        this.what = "the time of " + name;
        table = new GroupTable(context.budget(), types);
        times = new WritableColumn(context.budget(), ColumnType.BIGINT);
        groupOfRow = new AccountedInts(context.budget());
        if (sequence >= 0) {
            sequences = new WritableColumn(context.budget(), ColumnType.BIGINT);
        }
    }

    /** Keys of the other side, which are the caller's: {@link JoinKeys#probing} brings them into the form of {@link #keys}. */
    JoinKeys newProbingKeys(List<Expression> expressions) {
        return new JoinKeys(expressions, types, new boolean[types.size()], context);
    }

    /** The keys as the other side's must be. */
    JoinKeys keys() {
        return keys;
    }

    /** The name of the time in errors. */
    String what() {
        return what;
    }

    /** The keys by number. */
    GroupTable table() {
        return table;
    }

    /**
     * Takes all rows of a side.
     *
     * @param keep takes each batch too, for what the rows hold besides
     * @return this object's, valid until it is closed
     */
    AsofIndex read(Operator side, Consumer<Batch> keep) {
        Batch batch;
        while ((batch = side.next()) != null) {
            context.checkCancelled();
            try {
                add(batch);
                keep.accept(batch);
            } catch (EngineException e) {
                throw explained(e);
            }
        }
        try {
            return index();
        } catch (EngineException e) {
            throw explained(e);
        }
    }

    /** Memory that ends here is this join's: what it keeps can be made less. */
    private EngineException explained(EngineException e) {
        return e.code() == ErrorCode.OUT_OF_MEMORY
                ? new EngineException(
                        e.code(),
                        e.getMessage() + "; " + name + " keeps the right side in memory, " + rowCount
                                + " rows so far: filter that side by time, or read fewer of its columns",
                        e)
                : e;
    }

    /** Takes the selected rows of a batch. */
    private void add(Batch batch) {
        int positions = batch.rowCount();
        if (groups.length < positions) {
            groups = new int[positions];
            longs = new long[positions];
        }
        ColumnVector[] values = keys.built(batch);
        ColumnVector timeOfRow = time.evaluate(batch);
        SelectionVector all = batch.selection();
        SelectionVector selection = present(timeOfRow, keys.matchable(batch, values), positions, timed);
        int first = rowCount;
        int count = batch.selectedCount();
        if (sequences != null) {
            append(sequences, batch);
        }
        times.reserve(first + count);
        groupOfRow.reserve(first + count);
        OrderedLongs.encode(timeOfRow, selection, positions, longs, what);
        if (selection != all) {
            Arrays.fill(groups, 0, positions, -1);
        }
        table.assign(values, selection, positions, groups);
        inOrder = inOrder && continuesOrder(batch, selection);
        int[] to = groupOfRow.values();
        long address = times.data() + ((long) first << 3);
        for (int i = 0; i < count; i++) {
            int position = all == null ? i : all.positions()[i];
            to[first + i] = groups[position];
            Memory.putLong(address + ((long) i << 3), longs[position]);
        }
        groupOfRow.setSize(first + count);
        times.setRowCount(first + count);
        rowCount = first + count;
    }

    /** Whether the rows of a batch that have a key and a time follow those before, and each other. */
    private boolean continuesOrder(Batch batch, @Nullable SelectionVector selection) {
        int[] positions = selection == null ? null : selection.positions();
        int count = selection == null ? batch.rowCount() : selection.count();
        ColumnVector numbers = sequences == null ? null : batch.column(sequence);
        long previous = lastTime;
        long previousNumber = lastSequence;
        boolean ordered = true;
        for (int i = 0; i < count; i++) {
            int position = positions == null ? i : positions[i];
            long at = longs[position];
            ordered &= previous <= at;
            if (numbers != null) {
                long number = numbers.getLong(position);
                ordered &= previous != at || previousNumber <= number;
                previousNumber = number;
            }
            previous = at;
        }
        lastTime = previous;
        lastSequence = previousNumber;
        return ordered;
    }

    private void append(WritableColumn to, Batch batch) {
        ColumnVector values = batch.column(sequence);
        SelectionVector selection = batch.selection();
        if (selection == null) {
            to.append(values, 0, batch.rowCount());
        } else {
            to.append(values, selection.positions(), batch.selectedCount());
        }
    }

    /** Ends the input. */
    private AsofIndex index() {
        byKey = RowsByGroup.of(context.budget(), groupOfRow.values(), groupOfRow.size(), table.groupCount());
        groupOfRow.close();
        AsofIndex made = AsofIndex.of(
                context.budget(), byKey, times.vector(), sequences == null ? null : sequences.vector(), inOrder);
        index = made;
        if (sequences != null) {
            // they have decided between equal times, nobody reads them again
            sequences.close();
            sequences = null;
        }
        return made;
    }

    /**
     * Of the positions given those with a value.
     *
     * @param kept receives them when there are fewer
     */
    static @Nullable SelectionVector present(
            ColumnVector value, @Nullable SelectionVector selection, int rowCount, SelectionVector kept) {
        if (!value.hasNulls()) {
            return selection;
        }
        int count = selection == null ? rowCount : selection.count();
        kept.reserve(count);
        int[] to = kept.positions();
        int size = 0;
        for (int i = 0; i < count; i++) {
            int position = selection == null ? i : selection.positions()[i];
            to[size] = position;
            size += value.isNull(position) ? 0 : 1;
        }
        kept.setCount(size);
        return kept;
    }

    @Override
    public void close() {
        keys.close();
        time.close();
        // it reads the memory of the others
        if (index != null) {
            index.close();
            index = null;
        }
        if (byKey != null) {
            byKey.close();
            byKey = null;
        }
        times.close();
        groupOfRow.close();
        if (sequences != null) {
            sequences.close();
            sequences = null;
        }
        table.close();
    }
}
