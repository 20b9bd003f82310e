package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.WindowCall;
import io.zeptodb.engine.plan.WindowCall.BoundKind;
import io.zeptodb.engine.plan.WindowCall.Exclusion;
import io.zeptodb.engine.plan.WindowCall.FrameUnit;

/** A call over frames with two ends near the row: the rows of the frames to come stay in memory. One thread. */
final class FramePiece extends WindowPiece {
    FramePiece(ExecutionContext context, WindowCall call) {
        super(context, call);
    }

    @Override
    int ready(WindowRows rows, int from) {
        int frames = ready(context, call, rows, from);
        boolean byPeers = excludesPeers(call);
        return byPeers ? Math.min(frames, rows.peerStarts()[rows.peerGroups()[rows.rowCount() - 1]]) : frames;
    }

    private static boolean excludesPeers(WindowCall call) {
        Exclusion exclusion = call.frame().exclusion();
        return exclusion == Exclusion.GROUP || exclusion == Exclusion.TIES;
    }

    /** The first row whose frame may go on behind the rows in memory. */
    static int ready(ExecutionContext context, WindowCall call, WindowRows rows, int from) {
        int count = rows.rowCount();
        BoundKind last = call.frame().end().kind();
        boolean endsHere = last == BoundKind.CURRENT_ROW || last == BoundKind.PRECEDING;
        if (call.frame().unit() == FrameUnit.ROWS && endsHere) {
            return count;
        }
        FrameBounds frames = new FrameBounds(call.frame(), rows, context);
        int[] starts = new int[Batch.ROWS];
        int[] ends = new int[Batch.ROWS];
        for (int row = from; row < count; row += Batch.ROWS) {
            int length = Math.min(Batch.ROWS, count - row);
            frames.fill(row, length, starts, ends);
            for (int i = 0; i < length; i++) {
                if (ends[i] == count) {
                    return row + i;
                }
            }
        }
        return count;
    }

    @Override
    void compute(WindowRows rows, PieceStart before, int from, int to, WritableColumn result) {
        FrameCalls.compute(context, call, rows, arguments(rows), from, to, result);
    }

    @Override
    int keepFrom(WindowRows rows, int to) {
        if (to == 0) {
            return 0;
        }
        int start = new FrameBounds(call.frame(), rows, context).leastStart(to - 1);
        int peers = excludesPeers(call) ? rows.peerStarts()[rows.peerGroups()[to - 1]] : to;
        return Math.min(start, peers);
    }

    @Override
    boolean countsPeers() {
        return false;
    }
}
