package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all folders of a {@link CrashDirectory} share: the count of operations, the point of the crash, the failures to come. */
final class CrashDisk {
    private static final class Fault {
        final DiskOperation operation;
        final boolean lasting;
        final ErrorCode code;
        int after;

        Fault(DiskOperation operation, int after, boolean lasting, ErrorCode code) {
            this.operation = operation;
            this.after = after;
            this.lasting = lasting;
            this.code = code;
        }
    }

    private final List<Fault> faults = new ArrayList<>();
    private final List<String> journal = new ArrayList<>();
    private long operations;
    private long crashAt = Long.MAX_VALUE;
    private long failures;
    private long freeBytes = Long.MAX_VALUE;
    private @Nullable SimulatedCrash crashed;

    synchronized long operations() {
        return operations;
    }

    synchronized List<String> journal() {
        return List.copyOf(journal);
    }

    synchronized void crashAt(long operation) {
        crashAt = operation;
    }

    synchronized boolean hasCrashed() {
        return crashed != null;
    }

    synchronized void freeBytes(long bytes) {
        freeBytes = bytes;
    }

    synchronized long freeBytes() {
        alive();
        return freeBytes;
    }

    synchronized void fail(DiskOperation operation, int nth, boolean lasting, ErrorCode code) {
        if (nth < 1) {
            throw new IllegalArgumentException("operations are counted from 1, got " + nth);
        }
        faults.add(new Fault(operation, nth, lasting, code));
    }

    synchronized long failures() {
        return failures;
    }

    synchronized void heal() {
        faults.clear();
    }

    synchronized void alive() {
        if (crashed != null) {
            throw crashed;
        }
    }

    /**
     * Counts an operation. True when the power goes in the midst of it: the caller does what part of it {@link #part} says and then calls
     * {@link #crash()}.
     *
     * @throws SimulatedCrash when the power is gone
     */
    synchronized boolean begin(DiskOperation operation, String path) {
        alive();
        if (!operation.mutates()) {
            return false;
        }
        operations++;
        journal.add(operation + " " + path.substring(path.lastIndexOf('/') + 1));
        return operations >= crashAt;
    }

    /** How much of the operation at which the power goes is done: any share of it, and always the same for the same operation. */
    synchronized int part(int whole) {
        long mixed = operations * 0x9E3779B97F4A7C15L;
        return (int) Long.remainderUnsigned(mixed ^ mixed >>> 29, whole + 1L);
    }

    synchronized SimulatedCrash crash() {
        if (crashed == null) {
            crashed = new SimulatedCrash(
                    "the power went at operation " + operations + " (" + journal.get(journal.size() - 1) + ")");
        }
        return crashed;
    }

    /** The failure that this operation shall have, null when none. */
    synchronized @Nullable EngineException fault(DiskOperation operation, String path) {
        EngineException failure = null;
        for (Fault fault : faults) {
            if (fault.operation == operation && fault.after > 0 && --fault.after == 0) {
                fault.after = fault.lasting ? 1 : 0;
                failures++;
                failure = failure(fault.code, operation, path);
            }
        }
        return failure;
    }

    private static EngineException failure(ErrorCode code, DiskOperation operation, String path) {
        String reason = switch (code) {
            case DISK_FULL -> "No space left on device";
            case READ_ONLY -> "permission denied";
            default -> "Input/output error";
        };
        ErrorCode told = code == ErrorCode.DISK_FULL ? code : ErrorCode.IO_ERROR;
        return new EngineException(told, "cannot " + operation.verb() + " '" + path + "': " + reason);
    }
}
