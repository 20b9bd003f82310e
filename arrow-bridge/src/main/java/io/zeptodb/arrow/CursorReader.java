package io.zeptodb.arrow;

import io.zeptodb.engine.api.BatchCursor;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A query result as an {@link ArrowReader}. Buffers pass from the cursor to the reader's allocator without a copy, so a batch that was
 * exported or transferred outlives the cursor; where the scan handed out the table's own memory, it is still that. Takes over the
 * cursor. One thread.
 */
public final class CursorReader extends ArrowReader {
    private final BatchCursor cursor;
    private final VectorSchemaRoot root;
    private final Map<Long, Dictionary> held = new HashMap<>();
    private long bytes;
    private boolean closed;

    /**
     * Reads the rest of a cursor.
     *
     * @param cursor closed with the reader
     * @param allocator owns the batches; a child of {@code Database.allocator()}
     */
    public CursorReader(BatchCursor cursor, BufferAllocator allocator) {
        super(allocator);
        this.cursor = cursor;
        this.root = VectorSchemaRoot.create(cursor.schema(), allocator);
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return root;
    }

    @Override
    public boolean loadNextBatch() {
        root.clear();
        if (!cursor.next()) {
            return false;
        }
        cursor.whileOpen(this::take);
        return true;
    }

    /** Whoever closes the cursor meanwhile leaves whole batches here. */
    private void take() {
        VectorSchemaRoot batch = cursor.batch();
        List<FieldVector> vectors = batch.getFieldVectors();
        for (int i = 0; i < vectors.size(); i++) {
            bytes += vectors.get(i).getBufferSize();
            vectors.get(i).makeTransferPair(root.getVector(i)).transfer();
        }
        root.setRowCount(batch.getRowCount());
        cursor.dictionaries().getDictionaryIds().forEach(this::hold);
    }

    @Override
    public Map<Long, Dictionary> getDictionaryVectors() {
        Map<Long, Dictionary> dictionaries = new HashMap<>();
        for (long id : cursor.dictionaries().getDictionaryIds()) {
            dictionaries.put(id, require(id));
        }
        return dictionaries;
    }

    @Override
    public @Nullable Dictionary lookup(long id) {
        if (!held.containsKey(id)) {
            cursor.whileOpen(() -> hold(id)); // the schema is asked for before the first batch
        }
        return held.get(id);
    }

    private void hold(long id) {
        Dictionary current = cursor.dictionaries().lookup(id);
        if (current == null) {
            return;
        }
        Dictionary mine = held.get(id);
        // codes are never changed: a dictionary of the same size has the same texts
        if (mine == null
                || mine.getVector().getValueCount() != current.getVector().getValueCount()) {
            if (mine != null) {
                mine.getVector().close();
            }
            mine = new Dictionary(shared(current.getVector()), current.getEncoding());
            held.put(id, mine);
        }
    }

    private Dictionary require(long id) {
        Dictionary dictionary = lookup(id);
        if (dictionary == null) {
            throw new IllegalStateException("the cursor has no dictionary " + id);
        }
        return dictionary;
    }

    private FieldVector shared(FieldVector texts) {
        FieldVector copy = texts.getField().createVector(allocator);
        copy.loadFieldBuffers(
                new org.apache.arrow.vector.ipc.message.ArrowFieldNode(texts.getValueCount(), 0),
                texts.getFieldBuffers());
        return copy;
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return cursor.dictionaries().getDictionaryIds();
    }

    /** Bytes of the buffers handed out so far. */
    @Override
    public long bytesRead() {
        return bytes;
    }

    @Override
    public void close(boolean closeReadSource) throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        held.values().forEach(dictionary -> dictionary.getVector().close());
        root.close();
        if (closeReadSource) {
            closeReadSource();
        }
    }

    @Override
    protected void closeReadSource() {
        cursor.close();
    }

    @Override
    protected Schema readSchema() {
        return cursor.schema();
    }
}
