package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.StressMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** No lease shows a commit that the log has not made durable, and a commit that has returned is shown; two writers share a flush, or not. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "durable, and shown")
@Outcome(expect = Expect.FORBIDDEN, desc = "shown before it was durable, or not shown after it was acknowledged")
@State
public class DurableCommitStress {
    /** A log without a disk: a position for each commit, and up to where it is durable. */
    private static final class CountingLog implements CommitLog {
        private long written; // under the gate
        private volatile long durable;

        @Override
        public long position() {
            return written;
        }

        @Override
        public long readableFrom() {
            return 0;
        }

        @Override
        public synchronized void flush(long position) {
            durable = Math.max(durable, position);
        }

        @Override
        public void abort() {}

        @Override
        public void deleted(long tableId, long[] sequences, int count) {}
    }

    private final CountingLog log = new CountingLog();
    private final DatabaseStore store =
            new DatabaseStore(StressMemory.BUDGET, SealPolicy.ofSealRows(1 << 20), log, () -> {});

    private long commit() {
        WriteTransaction transaction = store.begin();
        transaction.requireWriting();
        log.written++;
        return transaction.commit();
    }

    private boolean showsDurableOnly() {
        try (SnapshotLease lease = store.lease()) {
            return ((DatabaseView) lease.snapshot()).logFrame() <= log.durable;
        }
    }

    @Actor
    public void oneWriter() {
        commit();
        commit();
    }

    @Actor
    public void otherWriter(ZZ_Result result) {
        boolean durable = showsDurableOnly();
        long mine = commit();
        result.r1 = durable && showsDurableOnly();
        result.r2 = store.current().sequence() >= mine;
    }
}
