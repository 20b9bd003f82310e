package io.zeptodb.arrow;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ResultColumn;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageMetadataResult;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A query result again from the Arrow IPC stream of a {@link ResultEncoder}. Reads from the channel only when the next batch is asked for. One thread
 * reads; {@link #close()} may come from another.
 */
public final class ResultDecoder implements BatchCursor {
    /** The mark behind the last message: the token of a message, and its length, which is 0. */
    private static final int END_BYTES = 2 * Integer.BYTES;

    private final List<ResultColumn> columns;
    private final ReadableByteChannel source;
    private final ReadChannel channel;
    private final BufferAllocator allocator;
    private final CompressionCodec.Factory codecs;
    private final Function<IOException, RuntimeException> broken;
    private final Schema schema;
    private final VectorSchemaRoot root;
    private final DictionaryProvider.MapDictionaryProvider dictionaries =
            new DictionaryProvider.MapDictionaryProvider();
    private final Map<Long, ViewVarCharVector> texts = new HashMap<>();
    private boolean ended;
    private @Nullable RuntimeException failure;
    private boolean closed;

    /**
     * Reads the schema.
     *
     * @param columns of the result, as many as the stream has
     * @param source of the stream, closed with this
     * @param allocator owns the batches
     * @param broken makes what is thrown when the stream is not one of these columns, is damaged, or ends without its end; the source is closed when
     *     this constructor throws it
     */
    public ResultDecoder(
            List<ResultColumn> columns,
            ReadableByteChannel source,
            BufferAllocator allocator,
            CompressionCodec.Factory codecs,
            Function<IOException, RuntimeException> broken) {
        this.columns = List.copyOf(columns);
        this.source = source;
        this.channel = new ReadChannel(source);
        this.allocator = allocator;
        this.codecs = codecs;
        this.broken = broken;
        try {
            this.schema = StreamSymbols.asRead(MessageSerializer.deserializeSchema(channel));
            if (schema.getFields().size() != columns.size()) {
                throw new IOException("it has " + schema.getFields().size() + " columns, expected " + columns.size());
            }
        } catch (IOException e) {
            closeSource();
            throw broken.apply(e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            closeSource();
            throw broken.apply(damaged(e));
        } catch (RuntimeException | Error e) {
            closeSource();
            throw e;
        }
        this.root = VectorSchemaRoot.create(schema, allocator);
        schema.getFields().forEach(this::addDictionary);
    }

    private void closeSource() {
        try {
            source.close();
        } catch (IOException e) {
            throw broken.apply(e);
        }
    }

    private void addDictionary(Field field) {
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding != null && !texts.containsKey(encoding.getId())) {
            ViewVarCharVector symbols = new ViewVarCharVector(
                    new Field("symbol", FieldType.nullable(ArrowType.Utf8View.INSTANCE), null), allocator);
            texts.put(encoding.getId(), symbols);
            dictionaries.put(new Dictionary(symbols, encoding));
        }
    }

    @Override
    public List<ResultColumn> columns() {
        return columns;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public boolean next() {
        synchronized (this) {
            checkOpen();
            root.clear();
        }
        if (failure != null) {
            throw failure;
        } else if (ended) {
            return false;
        }
        try {
            return nextRows();
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    private boolean nextRows() {
        ended = true; // also when this fails: there is nothing after an error
        try {
            for (MessageMetadataResult message = readMessage(); message != null; message = readMessage()) {
                // not under the lock: the bytes may be long in coming, and a close must not wait for them
                ArrowBuf body = MessageSerializer.readMessageBody(channel, message.getMessageBodyLength(), allocator);
                if (load(message, body)) {
                    ended = false;
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw broken.apply(e);
        }
    }

    /** The next message, or null at the end of the stream: its mark, for bytes that merely stop were cut off. */
    private @Nullable MessageMetadataResult readMessage() throws IOException {
        long before = channel.bytesRead();
        MessageMetadataResult message;
        try {
            message = MessageSerializer.readMessage(channel);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw damaged(e);
        }
        if (message == null && channel.bytesRead() - before != END_BYTES) {
            throw new IOException(
                    "it was cut off: it stops after " + channel.bytesRead() + " bytes, without the mark of its end");
        }
        return message;
    }

    private void checkOpen() {
        if (closed) {
            throw new EngineException(ErrorCode.STATEMENT_CLOSED, "the result is closed");
        }
    }

    /** As {@link #loadMessage}. Arrow's readers believe what they read, and stumble in many ways when it is wrong. */
    private boolean load(MessageMetadataResult message, ArrowBuf body) throws IOException {
        try {
            return loadMessage(message, body);
        } catch (OutOfMemoryException e) {
            throw e;
        } catch (EngineException e) {
            if (e.code() == ErrorCode.IO_ERROR) {
                throw damaged(e); // a compressed block that is none
            }
            throw e;
        } catch (RuntimeException e) {
            throw damaged(e);
        }
    }

    private static IOException damaged(RuntimeException found) {
        return new IOException("it was cut off or is damaged: " + found, found);
    }

    /** Takes over the body. Whether there are rows now. */
    private synchronized boolean loadMessage(MessageMetadataResult message, ArrowBuf body) throws IOException {
        if (closed) {
            body.close();
            checkOpen();
        }
        switch (message.headerType()) {
            case MessageHeader.DictionaryBatch -> {
                try (ArrowDictionaryBatch batch = MessageSerializer.deserializeDictionaryBatch(message, body)) {
                    addSymbols(batch);
                }
                return false;
            }
            case MessageHeader.RecordBatch -> {
                try (ArrowRecordBatch batch = MessageSerializer.deserializeRecordBatch(message, body)) {
                    new VectorLoader(root, codecs).load(batch);
                }
                return root.getRowCount() > 0;
            }
            default -> {
                body.close();
                throw new IOException("a message of kind " + message.headerType() + " stands in it");
            }
        }
    }

    private void addSymbols(ArrowDictionaryBatch batch) throws IOException {
        ViewVarCharVector known = texts.get(batch.getDictionaryId());
        if (known == null) {
            throw new IOException("symbols came for dictionary " + batch.getDictionaryId() + ", which no column has");
        }
        Field field = known.getField();
        try (VectorSchemaRoot added = VectorSchemaRoot.create(new Schema(List.of(field)), allocator)) {
            new VectorLoader(added, codecs).load(batch.getDictionary());
            ViewVarCharVector symbols = (ViewVarCharVector) added.getVector(0);
            int before = batch.isDelta() ? known.getValueCount() : 0;
            while (known.getValueCapacity() < before + symbols.getValueCount()) {
                known.reAlloc(); // setSafe does not see that a small vector is full
            }
            for (int i = 0; i < symbols.getValueCount(); i++) {
                known.setSafe(before + i, symbols.get(i));
            }
            known.setValueCount(before + symbols.getValueCount());
        }
    }

    @Override
    public VectorSchemaRoot batch() {
        return root;
    }

    @Override
    public DictionaryProvider dictionaries() {
        return dictionaries;
    }

    @Override
    public synchronized void whileOpen(Runnable action) {
        checkOpen();
        action.run();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            root.close();
            texts.values().forEach(FieldVector::close);
        }
        closeSource();
    }
}
