package io.zeptodb.engine.wal;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.store.ByteWriter;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.Frame;
import io.zeptodb.engine.store.OutputFile;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the log. The frames of a transaction are put by the one thread that holds the database's gate; they go to the file when they are many,
 * and at the commit. {@link #flush} is called without the gate by any number of threads: the one that comes first syncs for all whose frames are
 * written by then, the others wait for it.
 *
 * <p>A failed write gives up the transaction and leaves the log as it was. A failed sync, or a write that cannot be undone, ends the log: nobody
 * knows what is on the disk, so nothing more is taken or called durable.
 */
public final class WalWriter implements AutoCloseable {
    private static final int FIRST_BUFFER = 64 << 10;
    /** A buffer that one large record has grown beyond this is let go. */
    private static final int KEPT_BUFFER = 8 << 20;

    private static final int NO_FRAME = -1;

    /**
     * Where a log goes on.
     *
     * @param file number of the file that is begun
     * @param frame number of the last frame there was
     * @param bytesBefore length of the file before it, 0 when there is none
     */
    public record Start(long file, long frame, long bytesBefore) {}

    private final Directory directory;
    private final UUID database;
    private final SyncMode mode;
    private final LogSizes sizes;
    private final LongAdder commits = new LongAdder();
    private final LongAdder syncs = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    // guarded by the gate of the database
    private ByteWriter buffer = new ByteWriter(FIRST_BUFFER);
    private int lastFrame = NO_FRAME;
    private int lastKind;
    private long frameNumber;
    private boolean inTransaction;
    private boolean isFirst = true;
    private long transactionFile;
    private long transactionStart;
    /** Number of the file with which a reader of the present one may begin: see {@link #readableFrom()}. */
    private long readableFrom;

    /** Held by who syncs, and by who changes the file. */
    private final ReentrantLock syncing = new ReentrantLock();

    private volatile OutputFile file;
    private volatile long fileNumber;
    /** Number of the last frame of the last commit that was written. */
    private volatile long written;
    /** Number of the last frame that is on the disk. */
    private volatile long synced;
    /** Bytes of the present file that are on the disk. */
    private volatile long syncedBytes;
    /** Bytes of the present file up to the end of its last commit: what follows may be cut off again. */
    private volatile long committedBytes;
    /** Of those, the bytes that are on the disk. */
    private volatile long settledBytes;

    private volatile @Nullable EngineException failure;

    /**
     * Begins a new file.
     *
     * @param directory the database's; stays the caller's
     * @param sizes of its files and records
     */
    public WalWriter(Directory directory, UUID database, Start start, SyncMode mode, LogSizes sizes) {
        this.directory = directory;
        this.database = database;
        this.mode = mode;
        this.sizes = sizes;
        this.frameNumber = start.frame;
        this.written = start.frame;
        this.synced = start.frame;
        this.fileNumber = start.file;
        this.readableFrom = start.file;
        this.file = begin(start.file, start.bytesBefore);
        hasBegun();
    }

    /** All of the present file is its header, which is on the disk. */
    private void hasBegun() {
        syncedBytes = file.length();
        committedBytes = syncedBytes;
        settledBytes = syncedBytes;
    }

    private OutputFile begin(long number, long bytesBefore) {
        OutputFile next = directory.create(WalFile.name(number));
        try {
            byte[] header = new WalFile.Header(database, number, bytesBefore).frame(frameNumber);
            next.write(header, 0, header.length);
            next.sync();
            directory.sync();
            return next;
        } catch (RuntimeException | Error e) {
            next.close();
            throw e;
        }
    }

    // --- the gate's side

    /**
     * Begins a frame of the present transaction. The caller writes the payload behind the end of what it is given, then calls {@link #endFrame}.
     *
     * @throws EngineException IO_ERROR, DISK_FULL when earlier frames cannot be written
     */
    public ByteWriter beginFrame(int kind) {
        checkUsable();
        if (!inTransaction) {
            inTransaction = true;
            transactionFile = fileNumber;
            transactionStart = file.length();
        }
        sealLast(0);
        if (buffer.length() >= sizes.pieceBytes()) {
            writeOut(true);
        }
        lastFrame = buffer.take(Frame.HEADER_BYTES);
        lastKind = kind;
        return buffer;
    }

    /** Ends the frame that was begun. */
    public void endFrame() {
        frameNumber++;
    }

    private void sealLast(int flags) {
        if (lastFrame != NO_FRAME) {
            int payload = buffer.length() - lastFrame - Frame.HEADER_BYTES;
            if (payload > sizes.mostRecordBytes()) {
                throw new EngineException(
                        ErrorCode.VALUE_TOO_LONG,
                        "a record of " + payload + " bytes is too long for the log: " + sizes.mostRecordBytes()
                                + " are the most");
            }
            Frame.seal(
                    buffer.bytes(),
                    lastFrame,
                    payload,
                    lastKind,
                    flags | firstFlag(),
                    WalFile.VERSION,
                    frameNumber,
                    syncedBytes);
            lastFrame = NO_FRAME;
        }
    }

    private int firstFlag() {
        int flag = isFirst ? WalFile.FIRST : 0;
        isFirst = false;
        return flag;
    }

    /** @param goesOn whether more frames of the transaction come */
    private void writeOut(boolean goesOn) {
        OutputFile target = file;
        long before = target.length();
        bytes.add(buffer.length());
        try {
            target.write(buffer.bytes(), 0, buffer.length());
        } catch (RuntimeException | Error e) {
            undo(target, before, e);
            throw e;
        }
        buffer.setLength(0);
        if (target.length() >= sizes.fileBytes()) {
            nextFile(goesOn);
        }
    }

    /** Takes a half-written piece away again; when that fails too, what follows it could never be read. */
    private void undo(OutputFile target, long length, Throwable cause) {
        syncing.lock();
        try {
            target.truncate(length);
        } catch (RuntimeException | Error e) {
            alsoFailed(cause, e);
            fail(cause);
        } finally {
            syncing.unlock();
        }
    }

    private static void alsoFailed(Throwable cause, Throwable next) {
        if (cause != next) { // a disk that is gone throws one error for all
            cause.addSuppressed(next);
        }
    }

    private void fail(Throwable cause) {
        if (failure == null) {
            failure = cause instanceof EngineException known
                    ? known
                    : new EngineException(ErrorCode.IO_ERROR, "writing the log failed: " + cause, cause);
        }
    }

    /**
     * Writes what is left of the transaction and marks it as whole. Then {@link #position()} is its last frame. Nothing happens when it has no frame.
     *
     * @throws EngineException IO_ERROR, DISK_FULL: the transaction is given up, nothing of it counts
     */
    public void commit() {
        if (!inTransaction) {
            return;
        }
        try {
            checkUsable();
            sealLast(WalFile.LAST);
            long last = frameNumber;
            writeOut(false);
            committedBytes = file.length();
            written = last;
            commits.increment();
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
        endTransaction();
    }

    /** Gives up the frames since the last commit: they stay in the file as frames of a transaction without an end, or are cut off. */
    public void abort() {
        if (!inTransaction) {
            return;
        }
        endTransaction();
        if (transactionFile != fileNumber || failure != null) {
            return; // the next transaction's first frame ends this one
        }
        syncing.lock();
        try {
            OutputFile present = file;
            if (present.length() > transactionStart) {
                boolean wasSynced = syncedBytes > transactionStart;
                syncedBytes = Math.min(syncedBytes, transactionStart);
                present.truncate(transactionStart);
                if (wasSynced) {
                    // records that call this place synced must not come back behind a torn one: it would pass for
                    // damage
                    present.sync();
                }
            }
        } catch (RuntimeException | Error e) {
            fail(e); // what is there now is not known
        } finally {
            syncing.unlock();
        }
    }

    private void endTransaction() {
        inTransaction = false;
        isFirst = true;
        lastFrame = NO_FRAME;
        buffer.setLength(0);
        if (buffer.capacity() > KEPT_BUFFER) {
            buffer = new ByteWriter(FIRST_BUFFER);
        }
    }

    /** Number of the last frame of the last commit. */
    public long position() {
        return written;
    }

    /** Number of the file that is written to. */
    public long fileNumber() {
        return fileNumber;
    }

    /**
     * The file from which on all that a transaction writes now can be read, when those before it are gone: the present one, unless it begins in the
     * middle of a transaction, a committed one or one that was given up; then the nearest one before it that does not. While a transaction is
     * open it is the one for its first frame. Under the gate.
     */
    public long readableFrom() {
        return readableFrom;
    }

    /** How files and records are cut. */
    public LogSizes sizes() {
        return sizes;
    }

    /**
     * Goes on in a new file, so that the present one may be deleted when it is not needed any more. Under the gate, between transactions.
     */
    public void rotate() {
        checkUsable();
        nextFile(false);
    }

    /** @param inTransaction whether the new file begins in the middle of one */
    private void nextFile(boolean inTransaction) {
        syncing.lock();
        try {
            OutputFile old = file;
            syncFile(old);
            long number = fileNumber + 1;
            OutputFile next;
            try {
                next = begin(number, old.length());
            } catch (RuntimeException | Error e) {
                // the present file goes on, longer than wanted; a next file that is there but not whole must not be
                // taken for its successor
                removeUnborn(number, e);
                return;
            }
            file = next;
            fileNumber = number;
            if (!inTransaction) {
                readableFrom = number;
            }
            hasBegun();
            old.close();
        } finally {
            syncing.unlock();
        }
    }

    private void removeUnborn(long number, Throwable cause) {
        try {
            directory.delete(WalFile.name(number));
            directory.sync();
        } catch (RuntimeException | Error e) {
            alsoFailed(cause, e);
            fail(cause);
            throw e;
        }
    }

    // --- the side without the gate

    /**
     * Waits until this frame is as durable as the mode promises.
     *
     * @param number a {@link #position()}
     * @throws EngineException IO_ERROR, DISK_FULL: the log has ended
     */
    public void flush(long number) {
        if (mode == SyncMode.FSYNC) {
            syncThrough(number);
        } else {
            checkUsable();
        }
    }

    /** Brings all that is committed to the disk, whatever the mode. */
    public void sync() {
        syncThrough(written);
    }

    private void syncThrough(long number) {
        if (synced >= number) {
            return;
        }
        syncing.lock();
        try {
            if (synced < number) {
                checkUsable();
                syncFile(file);
            }
        } finally {
            syncing.unlock();
        }
    }

    private void syncFile(OutputFile target) {
        long number = written;
        long committed = committedBytes;
        long bytes = target.length();
        try {
            target.sync();
        } catch (RuntimeException | Error e) {
            fail(e);
            throw e;
        }
        syncs.increment();
        synced = number;
        syncedBytes = bytes;
        settledBytes = committed;
    }

    private void checkUsable() {
        EngineException known = failure;
        if (known != null) {
            throw new EngineException(
                    known.code(), "the log takes no more since it failed: " + known.getMessage(), known);
        }
    }

    /** Whether something is committed that {@link #sync()} would bring to the disk. */
    public boolean isBehind() {
        return synced < written && failure == null;
    }

    /** How far what is committed is on the disk; what a transaction has written that may still be given up does not count. */
    public WalReader.Mark mark() {
        syncing.lock();
        try {
            return new WalReader.Mark(fileNumber, settledBytes);
        } finally {
            syncing.unlock();
        }
    }

    /** Whether it takes no more. */
    public boolean hasFailed() {
        return failure != null;
    }

    /** Transactions written. */
    public long commits() {
        return commits.sum();
    }

    /** Times that a file was synced: fewer than commits when they share one. */
    public long syncs() {
        return syncs.sum();
    }

    /** Bytes of records that were written to any file. */
    public long bytes() {
        return bytes.sum();
    }

    /** Syncs what is committed, unless the log has failed, and closes the file. */
    @Override
    public void close() {
        try {
            if (failure == null) {
                sync();
            }
        } finally {
            file.close();
        }
    }
}
