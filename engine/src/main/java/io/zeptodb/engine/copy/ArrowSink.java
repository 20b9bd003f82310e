package io.zeptodb.engine.copy;

import io.zeptodb.engine.api.ArrowFields;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.store.ExternalFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowBodyCompression;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes batches as an Arrow IPC file or stream, gathered to batches of some ten thousand rows. Texts are Utf8, which every reader knows; a SYMBOL is a
 * dictionary of them. A file has its dictionaries behind its rows, where its footer names them; a stream has the texts that are new before the rows
 * that use them. One thread.
 */
public final class ArrowSink implements CopySink {
    private static final int BATCH_ROWS = 1 << 16;
    private static final long BATCH_BYTES = 32 << 20;
    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

    private final ExternalFile file;
    private final ArrowOptions options;
    private final MemoryBudget budget;
    private final WriteChannel out;
    private final Schema schema;
    private final List<ArrowSinkColumn> columns = new ArrayList<>();
    private final List<ArrowBlock> batches = new ArrayList<>();
    private final List<ArrowBlock> dictionaries = new ArrayList<>();
    private boolean dictionariesBegun;
    private int waiting;
    private long rows;

    /**
     * Writes the schema.
     *
     * @param output where to; committed and closed by the caller
     * @param schema by {@link #schema}
     * @param types of its fields
     */
    public ArrowSink(
            ExternalFile file,
            ExternalFile.Output output,
            ArrowOptions options,
            Schema schema,
            List<ColumnType> types,
            MemoryBudget budget) {
        this.file = file;
        this.options = options;
        this.budget = budget;
        this.schema = schema;
        this.out = new WriteChannel(Channels.newChannel(output.stream()));
        try {
            for (int i = 0; i < types.size(); i++) {
                columns.add(new ArrowSinkColumn(schema.getFields().get(i).getName(), types.get(i), budget));
            }
            if (!options.stream()) {
                out.write(MAGIC);
                out.align();
            }
            MessageSerializer.serialize(out, schema);
        } catch (IOException e) {
            close();
            throw file.failure("write", e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * The field of a column.
     *
     * @param id of its dictionary, should it have one
     * @throws EngineException FEATURE_NOT_SUPPORTED for arrays and rows
     */
    public static Field field(String name, ColumnType type, boolean nullable, int id) {
        DictionaryEncoding encoding = null;
        ArrowType arrow;
        switch (type.kind()) {
            case SYMBOL -> {
                encoding = ArrowFields.encoding(id);
                arrow = ArrowType.Utf8.INSTANCE;
            }
            case VARCHAR -> arrow = ArrowType.Utf8.INSTANCE;
            case VARBINARY -> arrow = ArrowType.Binary.INSTANCE;
            case ARRAY, ROW ->
                throw new EngineException(
                        ErrorCode.FEATURE_NOT_SUPPORTED,
                        "COPY does not write column '" + name + "' of " + type
                                + " to an Arrow file: name its fields, UNNEST its elements, or write CSV");
            default -> arrow = ArrowFields.arrowType(type);
        }
        Map<String, String> notes = Map.of(ArrowFields.TYPE_KEY, type.toString());
        return new Field(name, new FieldType(nullable, arrow, encoding, notes), null);
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void write(Batch batch) {
        for (int i = 0; i < columns.size(); i++) {
            columns.get(i).add(batch, i);
        }
        waiting += batch.selectedCount();
        long bytes = 0;
        for (ArrowSinkColumn column : columns) {
            bytes += column.bytes();
        }
        if (waiting >= BATCH_ROWS || bytes >= BATCH_BYTES) {
            flush();
        }
    }

    private void flush() {
        try {
            if (options.stream()) {
                writeDictionaries();
            }
            writeRows();
        } catch (IOException e) {
            throw file.failure("write", e);
        }
        rows += waiting;
        waiting = 0;
        columns.forEach(ArrowSinkColumn::clear);
    }

    private void writeRows() throws IOException {
        List<ArrowFieldNode> nodes = new ArrayList<>();
        List<ArrowBuf> buffers = new ArrayList<>();
        List<ArrowBuf> made = new ArrayList<>();
        try {
            for (ArrowSinkColumn column : columns) {
                column.write(nodes, buffers, made);
            }
            try (ArrowRecordBatch batch = batch(waiting, nodes, buffers, made)) {
                batches.add(MessageSerializer.serialize(out, batch));
            }
        } finally {
            made.forEach(ArrowBuf::close);
        }
    }

    /** What is new of each dictionary; all of them must have been there before the first rows of a stream. */
    private void writeDictionaries() throws IOException {
        for (int i = 0; i < columns.size(); i++) {
            ArrowSinkColumn column = columns.get(i);
            if (column.isSymbol() && (!dictionariesBegun || column.hasNewSymbols())) {
                writeDictionary(column, i);
            }
        }
        dictionariesBegun = true;
    }

    private void writeDictionary(ArrowSinkColumn column, int id) throws IOException {
        List<ArrowFieldNode> nodes = new ArrayList<>();
        List<ArrowBuf> buffers = new ArrayList<>();
        List<ArrowBuf> made = new ArrayList<>();
        try {
            int count = column.writeSymbols(nodes, buffers, made);
            // closes the batch of texts
            try (ArrowDictionaryBatch dictionary =
                    new ArrowDictionaryBatch(id, batch(count, nodes, buffers, made), dictionariesBegun)) {
                dictionaries.add(MessageSerializer.serialize(out, dictionary));
            }
        } finally {
            made.forEach(ArrowBuf::close);
        }
    }

    private ArrowRecordBatch batch(int count, List<ArrowFieldNode> nodes, List<ArrowBuf> buffers, List<ArrowBuf> made) {
        ArrowCompression compression = options.compression();
        if (compression == ArrowCompression.NONE) {
            return new ArrowRecordBatch(count, nodes, buffers);
        }
        List<ArrowBuf> compressed = new ArrayList<>();
        for (ArrowBuf buffer : buffers) {
            if (buffer.writerIndex() == 0) {
                compressed.add(buffer);
                continue;
            }
            budget.poll();
            ArrowBuf bytes = compression.compress(buffer, budget);
            made.add(bytes);
            compressed.add(bytes);
        }
        return new ArrowRecordBatch(
                count, nodes, compressed, new ArrowBodyCompression(compression.code(), BodyCompressionMethod.BUFFER));
    }

    /** Writes what waits, and the end. */
    @Override
    public void finish() {
        if (waiting > 0) {
            flush();
        }
        try {
            if (!options.stream() || !dictionariesBegun) {
                writeDictionaries();
            }
            out.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
            out.writeIntLittleEndian(0);
            if (!options.stream()) {
                long start = out.getCurrentPosition();
                out.write(new ArrowFooter(schema, dictionaries, batches), false);
                out.writeIntLittleEndian((int) (out.getCurrentPosition() - start));
                out.write(MAGIC);
            }
        } catch (IOException e) {
            throw file.failure("write", e);
        }
    }

    /** Frees the rows that wait; the output belongs to the caller. */
    @Override
    public void close() {
        new Closing().each(columns, ArrowSinkColumn::close).finish();
    }
}
