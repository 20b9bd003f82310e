package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.StressMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * What is replaced while a lease is held is not given back before the lease ends, also when another lease, whose end gives back what was replaced
 * before, ends at any moment.
 */
@JCStressTest
@Outcome(id = "false", expect = Expect.ACCEPTABLE, desc = "still there")
@Outcome(id = "true", expect = Expect.FORBIDDEN, desc = "given back under a lease")
@State
public class LeasedMemoryStress {
    private final DatabaseStore store =
            new DatabaseStore(StressMemory.BUDGET, SealPolicy.ofSealRows(1 << 20), CommitLog.NONE, () -> {});
    private final SnapshotLease earlier = store.lease();
    private volatile boolean gone;

    public LeasedMemoryStress() {
        store.retire(() -> {});
    }

    @Actor
    public void endEarlier() {
        earlier.close();
    }

    @Actor
    public void replaceUnderLease(Z_Result goneTooEarly) {
        try (SnapshotLease lease = store.lease()) {
            store.retire(() -> gone = true);
            goneTooEarly.r1 = gone;
        }
    }
}
