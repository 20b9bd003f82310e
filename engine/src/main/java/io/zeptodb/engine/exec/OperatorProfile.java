package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is measured of the operators of one plan record. There may be many: workers have one each, a correlated subquery one for each row, and what
 * spills is opened again. Thread-safe.
 */
final class OperatorProfile {
    private final PlanProfile whole;
    private final MemoryBudget budget;
    private final LongAdder opened = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder scannedRows = new LongAdder();
    private final LongAdder scans = new LongAdder();
    private final LongAdder segmentsRead = new LongAdder();
    private final LongAdder segmentsPruned = new LongAdder();
    private final LongAdder spilledBytes = new LongAdder();

    /** Takes over the budget. */
    OperatorProfile(PlanProfile whole, MemoryBudget budget) {
        this.whole = whole;
        this.budget = budget;
    }

    PlanProfile whole() {
        return whole;
    }

    /** What operators of the record take their memory from. */
    MemoryBudget budget() {
        return budget;
    }

    void opened(long forNanos) {
        opened.increment();
        nanos.add(forNanos);
    }

    void pulled(long forNanos) {
        nanos.add(forNanos);
    }

    void gave(int selectedRows) {
        batches.increment();
        rows.add(selectedRows);
    }

    void scanned(int rowsRead) {
        scannedRows.add(rowsRead);
    }

    void segments(int read, int pruned) {
        scans.increment();
        segmentsRead.add(read);
        segmentsPruned.add(pruned);
    }

    LongAdder spilled() {
        return spilledBytes;
    }

    long spilledBytes() {
        return spilledBytes.sum();
    }

    long peakHeapBytes() {
        return budget.peakHeapBytes();
    }

    String text() {
        List<String> parts = new ArrayList<>();
        if (opened.sum() > 0) {
            parts.add("rows=" + rows.sum());
            parts.add("batches=" + batches.sum());
            parts.add("time=" + PlanProfile.milliseconds(nanos.sum()));
            parts.add("memory=" + budget.peakBytes());
        }
        if (opened.sum() > 1) {
            parts.add("opened=" + opened.sum());
        }
        if (scans.sum() > 0) {
            parts.add("scanned=" + scannedRows.sum());
            parts.add("segments=" + segmentsRead.sum());
            parts.add("pruned=" + segmentsPruned.sum());
        }
        if (spilledBytes.sum() > 0) {
            parts.add("spilled=" + spilledBytes.sum());
        }
        return String.join(", ", parts);
    }

    void close() {
        budget.close();
    }
}
