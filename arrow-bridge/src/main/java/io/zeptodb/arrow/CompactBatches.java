package io.zeptodb.arrow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a reader for who writes them out whole. A column of texts shares the table's heaps, which hold the texts of all
 * batches; here it has its own texts alone, or each batch would be written with those of the whole table. Other columns are handed on.
 * Does not close the reader. One thread.
 */
final class CompactBatches implements DictionaryProvider, AutoCloseable {
    private final CursorReader reader;
    private final BufferAllocator allocator;
    private final VectorSchemaRoot root;
    private final Map<Long, Dictionary> dictionaries = new HashMap<>();

    /** Takes the reader's batches from the next one on. */
    CompactBatches(CursorReader reader, BufferAllocator allocator) {
        this.reader = reader;
        this.allocator = allocator;
        this.root = VectorSchemaRoot.create(reader.getVectorSchemaRoot().getSchema(), allocator);
    }

    /** Filled anew by each {@link #next}. */
    VectorSchemaRoot root() {
        return root;
    }

    boolean next() {
        root.clear();
        if (!reader.loadNextBatch()) {
            return false;
        }
        VectorSchemaRoot batch = reader.getVectorSchemaRoot();
        List<FieldVector> columns = batch.getFieldVectors();
        for (int i = 0; i < columns.size(); i++) {
            FieldVector column = columns.get(i);
            if (column instanceof BaseVariableWidthViewVector views) {
                try (FieldVector copy = CompactTexts.copy(views, allocator)) {
                    copy.makeTransferPair(root.getVector(i)).transfer();
                }
            } else {
                column.makeTransferPair(root.getVector(i)).transfer();
            }
        }
        root.setRowCount(batch.getRowCount());
        return true;
    }

    @Override
    public @Nullable Dictionary lookup(long id) {
        Dictionary current = reader.lookup(id);
        if (current == null) {
            return null;
        }
        FieldVector texts = current.getVector();
        Dictionary mine = dictionaries.get(id);
        // codes are never changed: a dictionary of the same size has the same texts
        if (mine == null || mine.getVector().getValueCount() != texts.getValueCount()) {
            if (mine != null) {
                mine.getVector().close();
            }
            FieldVector copy = CompactTexts.copy((BaseVariableWidthViewVector) texts, allocator);
            mine = new Dictionary(copy, current.getEncoding());
            dictionaries.put(id, mine);
        }
        return mine;
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return reader.getDictionaryIds();
    }

    @Override
    public void close() {
        dictionaries.values().forEach(dictionary -> dictionary.getVector().close());
        root.close();
    }
}
