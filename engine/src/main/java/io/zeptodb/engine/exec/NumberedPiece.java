package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.WindowCall;
import org.jspecify.annotations.Nullable;

/** The ranking functions in pieces. Those that need the size of the partition have it from a pass before. One thread. */
final class NumberedPiece extends WindowPiece {
    private final @Nullable PartitionTotals totals;
    private final @Nullable Long buckets;

    /** @param totals for the functions that need the partition's size */
    NumberedPiece(ExecutionContext context, WindowCall call, @Nullable PartitionTotals totals) {
        super(context, call);
        this.totals = totals;
        Object given = call.kind() == WindowCall.Kind.NTILE
                ? Constants.evaluate(call.arguments().get(0), context)
                : null;
        this.buckets = given instanceof Number number ? (Long) number.longValue() : null;
        if (buckets != null && buckets <= 0) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT, "the argument of NTILE must be greater than 0, is " + buckets);
        }
    }

    @Override
    int ready(WindowRows rows, int from) {
        // the end of the last group is not known
        return call.kind() == WindowCall.Kind.CUME_DIST
                ? rows.peerStarts()[rows.peerGroups()[rows.rowCount() - 1]]
                : rows.rowCount();
    }

    @Override
    void compute(WindowRows rows, PieceStart start, int from, int to, WritableColumn result) {
        int[] partitions = rows.partitionStarts();
        int row = from;
        while (row < to) {
            int p = rows.partitionOf(row);
            int end = Math.min(to, partitions[p + 1]);
            long before = (p == 0 ? start.rows() : 0) - partitions[p];
            long size = totals == null ? 0 : totals.rows(start.partition() + p);
            switch (call.kind()) {
                case ROW_NUMBER -> {
                    for (int i = row; i < end; i++) {
                        result.setLong(i, before + i + 1);
                    }
                }
                case NTILE -> {
                    for (int i = row; i < end; i++) {
                        bucket(i, before + i, size, result);
                    }
                }
                default -> rank(rows, start, p, row, end, before, size, result);
            }
            row = end;
        }
        result.setRowCount(to);
    }

    private void bucket(int row, long place, long size, WritableColumn result) {
        if (buckets == null) {
            result.setNull(row);
        } else {
            result.setLong(row, WindowRanking.bucket(place, size, buckets));
        }
    }

    private void rank(
            WindowRows rows, PieceStart start, int p, int from, int to, long before, long size, WritableColumn result) {
        int[] numbers = rows.peerGroups();
        int[] groups = rows.peerStarts();
        int first = numbers[rows.partitionStarts()[p]];
        for (int i = from; i < to; i++) {
            int group = numbers[i];
            long smaller = before + groups[group] - (group == 0 ? start.peers() : 0);
            switch (call.kind()) {
                case RANK -> result.setLong(i, smaller + 1);
                case DENSE_RANK -> result.setLong(i, group - first + (p == 0 ? start.groups() : 0) + 1);
                case PERCENT_RANK -> result.setDouble(i, size == 1 ? 0 : smaller / (size - 1.0));
                case CUME_DIST -> result.setDouble(i, (before + groups[group + 1]) / (double) size);
                default -> throw new IllegalStateException("not a ranking function: " + call.kind());
            }
        }
    }

    @Override
    int keepFrom(WindowRows rows, int to) {
        return to;
    }

    @Override
    boolean countsPeers() {
        return call.kind() != WindowCall.Kind.ROW_NUMBER && call.kind() != WindowCall.Kind.NTILE;
    }
}
