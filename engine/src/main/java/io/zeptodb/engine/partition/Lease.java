package io.zeptodb.engine.partition;

import java.util.concurrent.atomic.AtomicBoolean;

/** A query's hold of a snapshot: a slot of the epochs. */
final class Lease implements SnapshotLease {
    private final DatabaseStore store;
    private final int slot;
    private final DatabaseSnapshot snapshot;
    private final AtomicBoolean left = new AtomicBoolean();

    Lease(DatabaseStore store, int slot, DatabaseSnapshot snapshot) {
        this.store = store;
        this.slot = slot;
        this.snapshot = snapshot;
    }

    @Override
    public DatabaseSnapshot snapshot() {
        return snapshot;
    }

    @Override
    public void close() {
        if (left.compareAndSet(false, true)) {
            store.leave(slot);
        }
    }
}
