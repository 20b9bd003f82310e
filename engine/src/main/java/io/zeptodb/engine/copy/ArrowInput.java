package io.zeptodb.engine.copy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.store.ExternalFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The messages of an Arrow IPC file or stream, whatever its name says; of a file its dictionaries come first. Every length is held against what the file
 * has before anything is read or allocated. One thread.
 */
final class ArrowInput implements AutoCloseable {
    /** Each message begins with int32 -1 and the int32 length of its metadata; files older than 2019 lack the first. */
    private static final int CONTINUATION = -1;

    private static final byte[] FILE_MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_BYTES = 8;
    private static final int TAIL_BYTES = Integer.BYTES + FILE_MAGIC.length;
    private static final int GZIP_MAGIC = 0x8B1F;
    private static final int SHORT_MASK = 0xFFFF;
    private static final int MOST_READ = 1 << 30;
    private static final int SHOWN_BYTES = 6;

    /** A message and its body, which the reader closes. */
    record Part(Message message, ArrowBuf body) implements AutoCloseable {
        @Override
        public void close() {
            body.close();
        }
    }

    private final ExternalFile file;
    private final MemoryBudget budget;
    private final ExternalFile.Bytes bytes;
    private final long size;
    private final Schema schema;
    /** Where a file's messages begin; null for a stream, whose messages follow each other. */
    private final @Nullable List<Long> places;

    private int nextPlace;
    private long position;

    /** @throws EngineException BAD_COPY_FILE when it is neither, FILE_NOT_FOUND, IO_ERROR */
    ArrowInput(ExternalFile file, MemoryBudget budget) {
        this.file = file;
        this.budget = budget;
        this.bytes = file.openBytes();
        try {
            this.size = bytes.size();
            if (isFile()) {
                List<Long> found = new ArrayList<>();
                this.schema = readFooter(found);
                this.places = found;
            } else {
                this.schema = readSchema();
                this.places = null;
            }
        } catch (EngineException e) {
            bytes.close();
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            bytes.close();
            throw unreadable(e);
        }
    }

    Schema schema() {
        return schema;
    }

    /** How far the reading has come, in bytes from the begin: of a file about, as its messages may lie in any order. */
    long bytesRead() {
        return position;
    }

    /** The error of content that does not hold together. */
    EngineException unreadable(Throwable e) {
        String reason = e instanceof BrokenArrowException ? e.getMessage() : e.toString();
        return new EngineException(
                ErrorCode.BAD_COPY_FILE, "'" + file.path() + "' is no whole Arrow file: " + reason, e);
    }

    private EngineException broken(String what) {
        return unreadable(new BrokenArrowException(what));
    }

    private boolean isFile() {
        if (size < HEAD_BYTES) {
            throw broken("it has " + size + " bytes");
        }
        byte[] head = read(0, HEAD_BYTES).array();
        if (Arrays.equals(head, 0, FILE_MAGIC.length, FILE_MAGIC, 0, FILE_MAGIC.length)) {
            return true;
        }
        ByteBuffer first = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        if (first.getInt(0) == CONTINUATION) {
            return false;
        }
        boolean gzip = (first.getShort(0) & SHORT_MASK) == GZIP_MAGIC;
        String what = gzip ? "compressed by gzip: uncompress it first" : otherFormat(head);
        throw new EngineException(ErrorCode.BAD_COPY_FILE, "'" + file.path() + "' is " + what);
    }

    /** What a file is whose first bytes are not Arrow's. */
    private static String otherFormat(byte[] head) {
        return switch (new String(head, 0, Integer.BYTES, StandardCharsets.ISO_8859_1)) {
            case "FEA1" -> "Feather of version 1, which is no Arrow file: write it as version 2";
            case "PAR1" -> "a Parquet file";
            default -> "neither Arrow's file, which begins with ARROW1, nor its stream: it begins with " + shown(head);
        };
    }

    private static String shown(byte[] head) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < SHOWN_BYTES; i++) {
            text.append(text.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%02x", head[i] & 0xFF));
        }
        return text.toString();
    }

    private Schema readFooter(List<Long> found) {
        if (size < HEAD_BYTES + TAIL_BYTES) {
            throw broken("it has " + size + " bytes");
        }
        ByteBuffer tail = read(size - TAIL_BYTES, TAIL_BYTES);
        int length = tail.getInt(0);
        if (!Arrays.equals(tail.array(), Integer.BYTES, TAIL_BYTES, FILE_MAGIC, 0, FILE_MAGIC.length)) {
            throw broken("it does not end with ARROW1; was it cut off?");
        }
        long start = size - TAIL_BYTES - length;
        if (length <= 0 || start < HEAD_BYTES) {
            throw broken("its footer says to have " + length + " bytes of " + size);
        }
        Footer footer = Footer.getRootAsFooter(read(start, length));
        for (int i = 0; i < footer.dictionariesLength(); i++) {
            found.add(place(footer.dictionaries(i)));
        }
        for (int i = 0; i < footer.recordBatchesLength(); i++) {
            found.add(place(footer.recordBatches(i)));
        }
        return Schema.convertSchema(footer.schema());
    }

    private Long place(Block block) {
        if (block.offset() < HEAD_BYTES || block.offset() > size - HEAD_BYTES) {
            throw broken("its footer has a message at byte " + block.offset() + " of " + size);
        }
        return block.offset();
    }

    private Schema readSchema() {
        Message first = readMessage();
        if (first == null || first.headerType() != MessageHeader.Schema) {
            throw broken("its stream does not begin with a schema");
        }
        return MessageSerializer.deserializeSchema(first);
    }

    /** The next message that has a body, or null at the end. */
    @Nullable
    Part next() {
        List<Long> known = places;
        if (known != null) {
            if (nextPlace == known.size()) {
                return null;
            }
            position = known.get(nextPlace++);
        }
        Message message = readMessage();
        if (message == null) {
            if (known != null) {
                throw broken("its footer has a message where there is none");
            }
            return null;
        }
        long length = message.bodyLength();
        if (length < 0 || length > size - position) {
            throw broken("a message has " + length + " bytes from byte " + position + " on, the file has " + size);
        }
        return new Part(message, readBody(length));
    }

    private ArrowBuf readBody(long length) {
        ArrowBuf body = budget.allocate(length);
        try {
            for (long at = 0; at < length; at += MOST_READ) {
                budget.poll();
                int count = (int) Math.min(MOST_READ, length - at);
                ByteBuffer part = body.nioBuffer(at, count);
                bytes.read(position + at, part);
                if (part.hasRemaining()) {
                    throw broken("it ends within a message");
                }
            }
            position += length;
            return body;
        } catch (RuntimeException | Error e) {
            body.close();
            throw e;
        }
    }

    /** The message at the position, which goes to its body; null at the end of a stream. */
    private @Nullable Message readMessage() {
        if (position == size) {
            return null;
        }
        int length = readInt();
        if (length == CONTINUATION) {
            length = readInt();
        }
        if (length == 0) {
            return null;
        }
        if (length < 0 || length > size - position) {
            throw broken("a message says to have " + length + " bytes of metadata at byte " + position + " of " + size);
        }
        ByteBuffer metadata = read(position, length);
        position += length;
        return Message.getRootAsMessage(metadata);
    }

    private int readInt() {
        int value = read(position, Integer.BYTES).getInt(0);
        position += Integer.BYTES;
        return value;
    }

    private ByteBuffer read(long from, int count) {
        ByteBuffer into = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        bytes.read(from, into);
        if (into.hasRemaining()) {
            throw broken("it ends at byte " + size + ", within a message");
        }
        return into.flip();
    }

    @Override
    public void close() {
        bytes.close();
    }
}
