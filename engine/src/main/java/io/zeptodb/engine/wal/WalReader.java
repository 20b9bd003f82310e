package io.zeptodb.engine.wal;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.UUID;

/**
 * Reads a log from a file on to its end, frame by frame, and tells a torn end from damage. Changes nothing. One thread.
 */
public final class WalReader {
    /** Who takes what is read, in the order in which it was written. */
    public interface Handler {
        /**
         * A transaction begins; one that has not ended was given up.
         *
         * @param readableFrom as {@link WalWriter#readableFrom()} had it when the transaction was written
         */
        void begin(long readableFrom);

        void record(int kind, ByteReader payload, long frameNumber);

        /** The transaction is whole. */
        void commit(long frameNumber);

        /** The log ends, or goes on with another transaction, before this one was whole. */
        void abandon();
    }

    /**
     * A place that the log is known to have reached, all of it synced.
     *
     * @param file number of a file, -1 when no place is known
     * @param length bytes of it
     */
    public record Mark(long file, long length) {
        public static final Mark NONE = new Mark(-1, 0);
    }

    /**
     * What was read.
     *
     * @param file number of the last file that is a part of the log
     * @param length bytes of it that are whole frames
     * @param frame number of the last frame
     * @param transactions that were whole
     * @param tornBytes behind the end: of a write that a crash cut off
     */
    public record End(long file, long length, long frame, long transactions, long tornBytes) {}

    private final Directory directory;
    private final UUID database;
    private final Mark mark;
    private final Handler handler;
    private long lastNumber;
    private long transactions;
    private boolean open;
    private long readableFrom;

    // of the present file
    private String path = "";
    private byte[] bytes = {};
    private ByteBuffer header = ByteBuffer.wrap(bytes);
    private int position;

    private WalReader(Directory directory, UUID database, long frame, Mark mark, Handler handler) {
        this.directory = directory;
        this.database = database;
        this.lastNumber = frame;
        this.mark = mark;
        this.handler = handler;
    }

    /**
     * Reads the log.
     *
     * @param firstFile number of the file to begin with
     * @param mark what the log must at least have
     * @throws EngineException CORRUPTION with file and offset
     */
    public static End read(Directory directory, UUID database, long firstFile, Mark mark, Handler handler) {
        return new WalReader(directory, database, Long.MIN_VALUE, mark, handler).readAll(firstFile);
    }

    private End readAll(long firstFile) {
        List<Long> numbers = WalFile.numbers(directory);
        numbers.removeIf(number -> number < firstFile);
        if (numbers.isEmpty() || numbers.get(0) != firstFile) {
            throw missing(firstFile);
        }
        for (int i = 1; i < numbers.size(); i++) {
            if (numbers.get(i) != firstFile + i) {
                throw missing(firstFile + i);
            }
        }
        long last = firstFile + numbers.size() - 1;
        if (last > firstFile && !hasHeader(last)) {
            last--; // it was about to be made: its header is synced before anything else goes there
        }
        if (mark.file > last) {
            throw missing(mark.file);
        }
        End end = null;
        for (long number = firstFile; number <= last; number++) {
            end = readFile(number, number == last);
        }
        if (open) {
            handler.abandon();
        }
        if (end == null) {
            throw missing(firstFile);
        }
        return end;
    }

    private EngineException missing(long file) {
        return new EngineException(
                ErrorCode.CORRUPTION,
                "'" + directory.path(WalFile.name(file))
                        + "' is missing: the log cannot be read without it (offset 0)");
    }

    private boolean hasHeader(long number) {
        load(number);
        if (Frame.isWhole(bytes, 0, bytes.length)) {
            return true;
        }
        if (number <= mark.file || laterWholeFrame(0)) {
            throw damaged(0, "its first record is not whole");
        }
        return false;
    }

    private void load(long number) {
        String name = WalFile.name(number);
        path = directory.path(name);
        bytes = directory.readAll(name);
        header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        position = 0;
    }

    private End readFile(long number, boolean isLast) {
        long expected = isLast ? -1 : bytesBefore(number + 1);
        load(number);
        readHeader(number);
        int first = position;
        int limit = isLast ? bytes.length : (int) Math.min(bytes.length, expected);
        while (position < limit && Frame.isWhole(bytes, position, limit)) {
            if (Frame.number(header, position) <= lastNumber) {
                break; // left over from a transaction that was given up here before
            }
            readFrame(position == first ? number : readableFrom);
        }
        checkEnd(number, isLast, expected);
        return new End(number, position, lastNumber, transactions, bytes.length - position);
    }

    private long bytesBefore(long number) {
        load(number);
        return header(number).bytesBefore();
    }

    private WalFile.Header header(long number) {
        if (!Frame.isWhole(bytes, 0, bytes.length) || Frame.kind(header, 0) != WalFile.KIND_HEADER) {
            throw damaged(0, "it does not begin with the header of a log file");
        }
        checkVersion(0);
        WalFile.Header read = WalFile.Header.read(payload(0));
        if (!read.database().equals(database)) {
            throw damaged(0, "it belongs to database " + read.database() + ", expected " + database);
        }
        if (read.number() != number) {
            throw damaged(0, "it is file " + read.number() + " of the log, expected " + number);
        }
        return read;
    }

    private void readHeader(long number) {
        header(number);
        long before = Frame.number(header, 0);
        if (lastNumber != Long.MIN_VALUE && before < lastNumber) {
            throw damaged(0, "it follows record " + before + ", the log has reached " + lastNumber);
        }
        lastNumber = before;
        position = Frame.HEADER_BYTES + Frame.length(header, 0);
    }

    private ByteReader payload(int at) {
        int from = at + Frame.HEADER_BYTES;
        return new ByteReader(bytes, from, from + Frame.length(header, at), path, 0);
    }

    private void checkVersion(int at) {
        int version = Frame.version(header, at);
        if (version > WalFile.VERSION) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "'" + path + "' was written by a newer version: its records have layout " + version
                            + ", this one reads " + WalFile.VERSION);
        }
    }

    /** @param from the file from which on a transaction that begins here can be read */
    private void readFrame(long from) {
        checkVersion(position);
        int flags = Frame.flags(header, position);
        long number = Frame.number(header, position);
        if ((flags & WalFile.FIRST) != 0) {
            if (open) {
                handler.abandon();
            }
            open = true;
            readableFrom = from;
            handler.begin(from);
        } else if (!open) {
            throw damaged(position, "a record of a transaction whose beginning is missing");
        }
        handler.record(Frame.kind(header, position), payload(position), number);
        if ((flags & WalFile.LAST) != 0) {
            handler.commit(number);
            open = false;
            transactions++;
        }
        lastNumber = number;
        position += Frame.HEADER_BYTES + Frame.length(header, position);
    }

    private void checkEnd(long number, boolean isLast, long expected) {
        if (!isLast) {
            if (position != expected) {
                throw damaged(position, "a record is not whole, the file went on to " + expected);
            }
        } else if (number == mark.file && position < mark.length) {
            throw damaged(position, "a record is not whole, the file went on to " + mark.length);
        } else if (position < bytes.length && laterWholeFrame(position)) {
            throw damaged(
                    position, "a record is not whole, and whole ones follow that were written after it was synced");
        }
    }

    /** Whether a whole frame follows that was written when the bytes at {@code at} were on the disk for certain. */
    private boolean laterWholeFrame(int at) {
        for (int next = at + 1; next + Frame.HEADER_BYTES <= bytes.length; next++) {
            if (Frame.startsAt(header, next)
                    && Frame.synced(header, next) > at
                    && Frame.number(header, next) > lastNumber
                    && Frame.isWhole(bytes, next, bytes.length)) {
                return true;
            }
        }
        return false;
    }

    private EngineException damaged(int offset, String what) {
        return new EngineException(ErrorCode.CORRUPTION, "'" + path + "' is damaged at offset " + offset + ": " + what);
    }
}
