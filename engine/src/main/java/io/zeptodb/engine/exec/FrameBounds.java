package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.WindowCall;
import io.zeptodb.engine.plan.WindowCall.Bound;
import io.zeptodb.engine.plan.WindowCall.BoundKind;
import io.zeptodb.engine.plan.WindowCall.Exclusion;
import io.zeptodb.engine.plan.WindowCall.FrameUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the frames of a window call begin and end, row by row. Neither end goes back within a partition, which is what makes sliding sums fast, but
 * for RANGE frames of months ({@link #goesBack}). Rows must be asked for in order. One thread.
 */
final class FrameBounds {
    private static final int MOST_PIECES = 3;

    private final WindowRows rows;
    private final FrameUnit unit;
    private final Exclusion exclusion;
    private final BoundKind startKind;
    private final BoundKind endKind;
    private final long startOffset;
    private final long endOffset;
    private final @Nullable RangeSearch startSearch;
    private final @Nullable RangeSearch endSearch;
    private int partition;

    FrameBounds(WindowCall.Frame frame, WindowRows rows, ExecutionContext context) {
        this.rows = rows;
        this.unit = frame.unit();
        this.exclusion = frame.exclusion();
        this.startKind = frame.start().kind();
        this.endKind = frame.end().kind();
        boolean range = unit == FrameUnit.RANGE;
        this.startOffset = range ? 0 : offset(frame.start(), context);
        this.endOffset = range ? 0 : offset(frame.end(), context);
        this.startSearch = range && hasOffset(startKind) ? RangeSearch.of(rows, frame.start(), true, context) : null;
        this.endSearch = range && hasOffset(endKind) ? RangeSearch.of(rows, frame.end(), false, context) : null;
    }

    private static boolean hasOffset(BoundKind kind) {
        return kind == BoundKind.PRECEDING || kind == BoundKind.FOLLOWING;
    }

    /** Rows or groups, at most what an int holds; negative for PRECEDING. */
    private static long offset(Bound bound, ExecutionContext context) {
        if (!hasOffset(bound.kind())) {
            return 0;
        }
        Object value = value(bound, context);
        long count = Math.min(((Number) value).longValue(), Integer.MAX_VALUE);
        if (count < 0) {
            throw negative(value);
        }
        return bound.kind() == BoundKind.PRECEDING ? -count : count;
    }

    /** The value of an offset, which must not be NULL. */
    static Object value(Bound bound, ExecutionContext context) {
        Expression expression = bound.offset();
        Object value = expression == null ? null : Constants.evaluate(expression, context);
        if (value == null) {
            throw new EngineException(ErrorCode.INVALID_ARGUMENT, "the offset of a window frame must not be NULL");
        }
        return value;
    }

    static EngineException negative(Object value) {
        return new EngineException(
                ErrorCode.INVALID_ARGUMENT, "the offset of a window frame must not be negative, is " + value);
    }

    /** Whether every frame is its whole partition. */
    boolean isPartition() {
        boolean peersAreAll = rows.orderBy().isEmpty() && unit != FrameUnit.ROWS;
        return exclusion == Exclusion.NONE
                && (startKind == BoundKind.UNBOUNDED_PRECEDING || (peersAreAll && startKind == BoundKind.CURRENT_ROW))
                && (endKind == BoundKind.UNBOUNDED_FOLLOWING || (peersAreAll && endKind == BoundKind.CURRENT_ROW));
    }

    /** Whether every frame begins with its partition. */
    boolean isRunning() {
        return exclusion == Exclusion.NONE && startKind == BoundKind.UNBOUNDED_PRECEDING;
    }

    /** Whether an end may go back from a row to the next, which it does at the ends of months only. */
    boolean goesBack() {
        return (startSearch != null && startSearch.goesBack()) || (endSearch != null && endSearch.goesBack());
    }

    /** The first row of all that the frames of this row and of those behind it in its partition can have. */
    int leastStart(int row) {
        if (startSearch == null || !startSearch.goesBack()) {
            int[] start = new int[1];
            fill(row, 1, start, new int[1]);
            return start[0];
        }
        int[] partitions = rows.partitionStarts();
        int own = rows.partitionOf(row);
        return startSearch.least(row, partitions[own], partitions[own + 1]);
    }

    /** Whether frames have no hole. */
    boolean isWhole() {
        return exclusion == Exclusion.NONE;
    }

    /**
     * Writes the frames of rows [from, from + count), which follow those of the last call, before exclusion: rows [start, end), an empty one
     * with start = end.
     */
    void fill(int from, int count, int[] starts, int[] ends) {
        int[] partitions = rows.partitionStarts();
        int row = from;
        int last = from + count;
        while (row < last) {
            while (partitions[partition + 1] <= row) {
                partition++;
            }
            int first = partitions[partition];
            int behind = partitions[partition + 1];
            int to = Math.min(last, behind);
            fillStarts(from, row, to, first, behind, starts);
            fillEnds(from, row, to, first, behind, ends);
            row = to;
        }
        for (int i = 0; i < count; i++) {
            ends[i] = Math.max(ends[i], starts[i]);
        }
    }

    private void fillStarts(int from, int row, int to, int first, int behind, int[] starts) {
        if (startKind == BoundKind.UNBOUNDED_PRECEDING) {
            java.util.Arrays.fill(starts, row - from, to - from, first);
        } else if (startSearch != null) {
            startSearch.fill(from, row, to, first, behind, starts);
        } else if (unit == FrameUnit.ROWS) {
            for (int i = row; i < to; i++) {
                starts[i - from] = (int) Math.min(Math.max(i + startOffset, first), behind);
            }
        } else {
            int[] groups = rows.peerGroups();
            int[] peers = rows.peerStarts();
            int firstGroup = groups[first];
            int behindGroup = groups[behind - 1] + 1;
            for (int i = row; i < to; i++) {
                starts[i - from] = peers[(int) Math.min(Math.max(groups[i] + startOffset, firstGroup), behindGroup)];
            }
        }
    }

    private void fillEnds(int from, int row, int to, int first, int behind, int[] ends) {
        if (endKind == BoundKind.UNBOUNDED_FOLLOWING) {
            java.util.Arrays.fill(ends, row - from, to - from, behind);
        } else if (endSearch != null) {
            endSearch.fill(from, row, to, first, behind, ends);
        } else if (unit == FrameUnit.ROWS) {
            for (int i = row; i < to; i++) {
                ends[i - from] = (int) Math.min(Math.max(i + endOffset + 1, first), behind);
            }
        } else {
            int[] groups = rows.peerGroups();
            int[] peers = rows.peerStarts();
            int firstGroup = groups[first];
            int behindGroup = groups[behind - 1] + 1;
            for (int i = row; i < to; i++) {
                ends[i - from] = peers[(int) Math.min(Math.max(groups[i] + endOffset + 1, firstGroup), behindGroup)];
            }
        }
    }

    /**
     * What exclusion leaves of a frame, in order.
     *
     * @param pieces room for three ranges: receives start and end of each
     * @return how many pieces are not empty
     */
    int pieces(int row, int start, int end, int[] pieces) {
        switch (exclusion) {
            case NONE -> {
                return add(start, end, pieces, 0);
            }
            case CURRENT_ROW -> {
                int count = add(start, Math.min(row, end), pieces, 0);
                return add(Math.max(start, row + 1), end, pieces, count);
            }
            default -> {
                int group = rows.peerGroups()[row];
                int groupStart = rows.peerStarts()[group];
                int groupEnd = rows.peerStarts()[group + 1];
                int count = add(start, Math.min(groupStart, end), pieces, 0);
                if (exclusion == Exclusion.TIES) {
                    count = add(Math.max(start, row), Math.min(row + 1, end), pieces, count);
                }
                return add(Math.max(start, groupEnd), end, pieces, count);
            }
        }
    }

    /** Room that {@link #pieces} needs. */
    static int[] newPieces() {
        return new int[2 * MOST_PIECES];
    }

    private static int add(int start, int end, int[] pieces, int count) {
        if (start >= end) {
            return count;
        }
        pieces[2 * count] = start;
        pieces[2 * count + 1] = end;
        return count + 1;
    }
}
