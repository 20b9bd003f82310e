package io.zeptodb.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.DictionaryUtility;
import org.jspecify.annotations.Nullable;

/**
 * Batches of one schema as an Arrow IPC stream, and back. What is read back may come from anybody: no length in it is believed that does not fit in the bytes
 * that are there. One thread.
 */
public final class BatchStream implements AutoCloseable {
    private static final int PREFIX_BYTES = 2 * Integer.BYTES;

    private final BufferAllocator allocator;
    private final CompressionCodec.Factory codecs;
    private final Map<Long, Dictionary> dictionaries = new HashMap<>();
    private final List<VectorSchemaRoot> batches = new ArrayList<>();
    private @Nullable Schema schema;

    private BatchStream(BufferAllocator allocator, CompressionCodec.Factory codecs) {
        this.allocator = allocator;
        this.codecs = codecs;
    }

    // ---- writing

    /**
     * Writes batches, which stay the caller's.
     *
     * @param batches at least one, all of one schema
     * @param dictionaries of columns that have one, or null when none has
     * @param out takes all bytes of each write
     */
    public static void write(
            List<VectorSchemaRoot> batches,
            @Nullable DictionaryProvider dictionaries,
            CompressionCodec codec,
            WritableByteChannel out)
            throws IOException {
        WriteChannel channel = new WriteChannel(out); // not closed: that would close what is the caller's
        DictionaryProvider provider =
                dictionaries == null ? new DictionaryProvider.MapDictionaryProvider() : dictionaries;
        Set<Long> ids = new LinkedHashSet<>();
        List<Field> fields = new ArrayList<>();
        for (Field field : batches.get(0).getSchema().getFields()) {
            fields.add(DictionaryUtility.toMessageFormat(field, provider, ids));
        }
        MessageSerializer.serialize(channel, new Schema(fields));
        for (long id : ids) {
            FieldVector texts = Objects.requireNonNull(provider.lookup(id), "no dictionary " + id)
                    .getVector();
            // not closed: it would close the vector, which is the caller's
            VectorSchemaRoot root =
                    new VectorSchemaRoot(List.of(texts.getField()), List.of(texts), texts.getValueCount());
            try (ArrowDictionaryBatch message =
                    new ArrowDictionaryBatch(id, new VectorUnloader(root, true, codec, true).getRecordBatch())) {
                MessageSerializer.serialize(channel, message);
            }
        }
        for (VectorSchemaRoot batch : batches) {
            try (ArrowRecordBatch message = new VectorUnloader(batch, true, codec, true).getRecordBatch()) {
                MessageSerializer.serialize(channel, message);
            }
        }
        channel.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
        channel.writeIntLittleEndian(0);
    }

    // ---- reading

    /**
     * Reads a whole stream.
     *
     * @param bytes with the stream from {@code from} to their end
     * @param allocator owns the batches
     * @throws IOException when the bytes are no such stream
     */
    public static BatchStream read(byte[] bytes, int from, BufferAllocator allocator, CompressionCodec.Factory codecs)
            throws IOException {
        BatchStream stream = new BatchStream(allocator, codecs);
        try {
            stream.readAll(
                    ByteBuffer.wrap(bytes, from, bytes.length - from).slice().order(ByteOrder.LITTLE_ENDIAN));
            return stream;
        } catch (IOException | OutOfMemoryException e) {
            try (stream) {
                throw e;
            }
        } catch (RuntimeException e) {
            // Arrow's readers believe what they read, and stumble in many ways when it is wrong
            try (stream) {
                throw new IOException("it is no stream of Arrow's: " + e, e);
            }
        } catch (Error e) {
            try (stream) {
                throw e;
            }
        }
    }

    private void readAll(ByteBuffer in) throws IOException {
        while (true) {
            if (in.remaining() < PREFIX_BYTES) {
                throw new IOException("it ends without an end");
            }
            int token = in.getInt();
            int length = in.getInt();
            if (token != MessageSerializer.IPC_CONTINUATION_TOKEN) {
                throw new IOException("a message does not begin with its marker");
            }
            if (length == 0) {
                if (in.hasRemaining()) {
                    throw new IOException(in.remaining() + " bytes stand behind its end");
                }
                return;
            }
            if (length < 0 || length > in.remaining()) {
                throw new IOException("a message of " + length + " bytes does not fit in " + in.remaining());
            }
            Message message =
                    Message.getRootAsMessage(in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN));
            in.position(in.position() + length);
            long bodyLength = message.bodyLength();
            if (bodyLength < 0 || bodyLength > in.remaining()) {
                throw new IOException("a body of " + bodyLength + " bytes does not fit in " + in.remaining());
            }
            ByteBuffer body = in.slice(in.position(), (int) bodyLength);
            in.position(in.position() + (int) bodyLength);
            take(message, body);
        }
    }

    private void take(Message message, ByteBuffer bytes) throws IOException {
        if (message.headerType() == MessageHeader.Schema) {
            if (schema != null) {
                throw new IOException("it has two schemas");
            }
            List<Field> fields = new ArrayList<>();
            for (Field field : MessageSerializer.deserializeSchema(message).getFields()) {
                fields.add(DictionaryUtility.toMemoryFormat(field, allocator, dictionaries));
            }
            schema = new Schema(fields);
            return;
        }
        if (schema == null) {
            throw new IOException("it does not begin with a schema");
        }
        try (ArrowBuf body = allocator.buffer(bytes.remaining())) {
            body.setBytes(0, bytes);
            switch (message.headerType()) {
                case MessageHeader.DictionaryBatch -> loadDictionary(message, body);
                case MessageHeader.RecordBatch -> {
                    VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                    batches.add(root);
                    load(root, (RecordBatch) message.header(new RecordBatch()), body);
                }
                default -> throw new IOException("a message of kind " + message.headerType() + " stands in it");
            }
        }
    }

    private void load(VectorSchemaRoot root, @Nullable RecordBatch message, ArrowBuf body) throws IOException {
        try (ArrowRecordBatch batch = CheckedBatch.of(message, body, allocator, codecs)) {
            CheckedBatch.checkColumns(root.getFieldVectors(), batch);
            new VectorLoader(root).load(batch);
        }
    }

    private void loadDictionary(Message message, ArrowBuf body) throws IOException {
        DictionaryBatch batch = (DictionaryBatch) message.header(new DictionaryBatch());
        Dictionary dictionary = batch == null ? null : dictionaries.get(batch.id());
        if (batch == null || dictionary == null || batch.isDelta()) {
            throw new IOException("a dictionary came that no column has, or more of one");
        }
        FieldVector texts = dictionary.getVector();
        // not closed: it would close the vector
        load(new VectorSchemaRoot(List.of(texts.getField()), List.of(texts), 0), batch.data(), body);
    }

    /** The batches, valid until this is closed. */
    public List<VectorSchemaRoot> batches() {
        return List.copyOf(batches);
    }

    /** The dictionaries of their columns, or null when none has one. */
    public @Nullable DictionaryProvider dictionaries() {
        return dictionaries.isEmpty()
                ? null
                : new DictionaryProvider.MapDictionaryProvider(
                        dictionaries.values().toArray(Dictionary[]::new));
    }

    @Override
    public void close() {
        batches.forEach(VectorSchemaRoot::close);
        dictionaries.values().forEach(dictionary -> dictionary.getVector().close());
    }
}
