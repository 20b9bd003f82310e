package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.WindowCall;
import org.jspecify.annotations.Nullable;

/**
 * LAG, LEAD, FIRST_VALUE, LAST_VALUE and NTH_VALUE: for each row the row whose value it gets, then one gathering. IGNORE NULLS counts the rows
 * whose value is there, through their list. Owned by one operator; one thread.
 */
final class WindowValues implements AutoCloseable {
    private static final int NONE = -1;

    private final ExecutionContext context;
    private final WindowRows rows;
    private final WindowCall call;
    private final ColumnVector[] arguments;
    /** IGNORE NULLS: the rows that have a value, and for each row (and behind the last) how many come before. */
    private final @Nullable AccountedInts present;

    private final @Nullable AccountedInts presentBefore;

    /** @param arguments over all rows; may be constant */
    WindowValues(ExecutionContext context, WindowRows rows, WindowCall call, ColumnVector[] arguments) {
        this.context = context;
        this.rows = rows;
        this.call = call;
        this.arguments = arguments;
        boolean listed = call.ignoreNulls() && arguments[0].hasNulls();
        present = listed ? new AccountedInts(context.budget()) : null;
        presentBefore = listed ? new AccountedInts(context.budget()) : null;
    }

    private void listPresent(AccountedInts list, AccountedInts before) {
        int count = rows.rowCount();
        before.reserve(count + 1);
        int[] numbers = before.values();
        for (int i = 0; i < count; i++) {
            numbers[i] = list.size();
            if (!arguments[0].isNull(i)) {
                list.add(i);
            }
        }
        numbers[count] = list.size();
    }

    /** Appends the results of rows [first, to). */
    void compute(FrameBounds frames, int first, int to, WritableColumn result) {
        if (present != null && presentBefore != null) {
            listPresent(present, presentBefore);
        }
        boolean shifts = call.kind() == WindowCall.Kind.LAG || call.kind() == WindowCall.Kind.LEAD;
        int[] source = new int[Batch.ROWS];
        int[] starts = new int[Batch.ROWS];
        int[] ends = new int[Batch.ROWS];
        for (int from = first; from < to; from += Batch.ROWS) {
            context.checkCancelled();
            int count = Math.min(Batch.ROWS, to - from);
            if (shifts) {
                shift(from, count, source);
                appendShifted(from, count, source, result);
            } else {
                frames.fill(from, count, starts, ends);
                pick(frames, from, count, starts, ends, source);
                result.append(arguments[0], source, count);
            }
        }
    }

    private int partition;

    private void shift(int from, int count, int[] source) {
        int[] partitions = rows.partitionStarts();
        ColumnVector offsets = arguments.length > 1 ? arguments[1] : null;
        long direction = call.kind() == WindowCall.Kind.LAG ? -1 : 1;
        for (int i = 0; i < count; i++) {
            int row = from + i;
            while (partitions[partition + 1] <= row) {
                partition++;
            }
            if (offsets != null && offsets.isNull(row)) {
                source[i] = NULL_OFFSET;
                continue;
            }
            long by = direction * (offsets == null ? 1 : clamp(offsets.getAsLong(row)));
            source[i] = target(row, by, partitions[partition], partitions[partition + 1]);
        }
    }

    /** The row has no source and gets no default either. */
    private static final int NULL_OFFSET = -2;

    private static long clamp(long offset) {
        return Math.max(-Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, offset));
    }

    private int target(int row, long by, int first, int behind) {
        if (present == null || presentBefore == null || by == 0) {
            long at = row + by;
            return at >= first && at < behind ? (int) at : NONE;
        }
        int[] before = presentBefore.values();
        // forward: the by-th present row behind this one; back: the by-th present row before it
        int behindThis = before[row + 1];
        long place = by > 0 ? behindThis + by - 1 : before[row] + by;
        return place >= before[first] && place < before[behind] ? present.get((int) place) : NONE;
    }

    /** As a gathering, but rows without a source get the default of their own row. */
    private void appendShifted(int from, int count, int[] source, WritableColumn result) {
        if (arguments.length < 3) {
            for (int i = 0; i < count; i++) {
                source[i] = Math.max(source[i], NONE);
            }
            result.append(arguments[0], source, count);
            return;
        }
        int i = 0;
        int[] part = new int[count];
        while (i < count) {
            boolean missing = source[i] == NONE;
            int size = 0;
            while (i < count && (source[i] == NONE) == missing) {
                part[size++] = missing ? from + i : Math.max(source[i], NONE);
                i++;
            }
            result.append(missing ? arguments[2] : arguments[0], part, size);
        }
    }

    private void pick(FrameBounds frames, int from, int count, int[] starts, int[] ends, int[] source) {
        int[] pieces = FrameBounds.newPieces();
        ColumnVector nth = call.kind() == WindowCall.Kind.NTH_VALUE ? arguments[1] : null;
        for (int i = 0; i < count; i++) {
            int row = from + i;
            int parts = frames.pieces(row, starts[i], ends[i], pieces);
            if (call.kind() == WindowCall.Kind.LAST_VALUE) {
                source[i] = last(pieces, parts);
            } else if (nth != null && nth.isNull(row)) {
                source[i] = NONE;
            } else {
                source[i] = nth(pieces, parts, nth == null ? 1 : checkedPlace(nth.getAsLong(row)));
            }
        }
    }

    private static long checkedPlace(long place) {
        if (place <= 0) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT, "the second argument of NTH_VALUE must be greater than 0, is " + place);
        }
        return place;
    }

    private int nth(int[] pieces, int parts, long place) {
        long left = place;
        for (int p = 0; p < parts; p++) {
            int size = size(pieces[2 * p], pieces[2 * p + 1]);
            if (left <= size) {
                return at(pieces[2 * p], (int) left - 1);
            }
            left -= size;
        }
        return NONE;
    }

    private int last(int[] pieces, int parts) {
        for (int p = parts - 1; p >= 0; p--) {
            int size = size(pieces[2 * p], pieces[2 * p + 1]);
            if (size > 0) {
                return at(pieces[2 * p], size - 1);
            }
        }
        return NONE;
    }

    /** Rows that count in [start, end). */
    private int size(int start, int end) {
        return presentBefore == null ? end - start : presentBefore.get(end) - presentBefore.get(start);
    }

    /** The row that counts at this place, from 0, behind start. */
    private int at(int start, int place) {
        return present == null || presentBefore == null ? start + place : present.get(presentBefore.get(start) + place);
    }

    @Override
    public void close() {
        if (present != null) {
            present.close();
        }
        if (presentBefore != null) {
            presentBefore.close();
        }
    }
}
