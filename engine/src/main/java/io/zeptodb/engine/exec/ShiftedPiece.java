package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.WindowCall;

/** LAG and LEAD by a constant number of rows in pieces: so many rows stay, or are read ahead. One thread. */
final class ShiftedPiece extends WindowPiece {
    /** Toward later rows when positive. */
    private final long by;

    /** @param by as LEAD counts */
    ShiftedPiece(ExecutionContext context, WindowCall call, long by) {
        super(context, call);
        this.by = by;
    }

    @Override
    int ready(WindowRows rows, int from) {
        int count = rows.rowCount();
        if (by <= 0) {
            return count;
        }
        if (!call.ignoreNulls()) {
            return (int) Math.max(from, count - by);
        }
        ColumnVector values = arguments(rows)[0];
        long left = by;
        for (int i = count - 1; i >= from; i--) {
            left -= values.isNull(i) ? 0 : 1;
            if (left == 0) {
                return i;
            }
        }
        return from;
    }

    @Override
    void compute(WindowRows rows, PieceStart start, int from, int to, WritableColumn result) {
        FrameCalls.compute(context, call, rows, arguments(rows), from, to, result);
    }

    @Override
    int keepFrom(WindowRows rows, int to) {
        if (by >= 0) {
            return to;
        }
        if (!call.ignoreNulls()) {
            return (int) Math.max(0, to + by);
        }
        ColumnVector values = arguments(rows)[0];
        long left = -by;
        for (int i = to - 1; i >= 0; i--) {
            left -= values.isNull(i) ? 0 : 1;
            if (left == 0) {
                return i;
            }
        }
        return 0;
    }
}
