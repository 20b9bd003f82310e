package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import org.jspecify.annotations.Nullable;

/** Rows of a table, as they lie: by time slice, segment and run. Several of them may share the morsels of one scan. */
final class TableScanOperator implements Operator {
    private final Morsels morsels;
    private final RangeReader reader;
    private final RangeList ranges = new RangeList();
    private int morsel = -1;

    TableScanOperator(TableScan plan, ExecutionContext context) {
        this(new Morsels(new ScanRanges(plan, context), Morsels.ROWS, false, context.budget()), context);
    }

    /** Reads the morsels that no other operator takes. */
    TableScanOperator(Morsels morsels, ExecutionContext context) {
        this.morsels = morsels;
        this.reader = new RangeReader(morsels.ranges(), context);
    }

    @Override
    public @Nullable Batch next() {
        while (true) {
            Batch batch = reader.next();
            if (batch != null) {
                return batch;
            }
            int taken = morsels.take(ranges);
            if (taken < 0) {
                return null;
            }
            morsel = taken;
            reader.begin(ranges);
        }
    }

    /** Number of the morsel that the last batch is of: ascends, and says where in the whole scan the batch belongs. */
    int morsel() {
        return morsel;
    }

    /** Ranges of runs that the last batch has rows of, one after the other: each is of one key, when the morsels go by run. */
    int pieces() {
        return reader.pieces();
    }

    /** Position in the last batch behind the last one of a piece. */
    int pieceEnd(int piece) {
        return reader.pieceEnd(piece);
    }

    @Override
    public void close() {
        reader.close();
        morsels.close();
    }
}
