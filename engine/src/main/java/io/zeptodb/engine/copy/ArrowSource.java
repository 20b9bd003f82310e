package io.zeptodb.engine.copy;

import com.google.flatbuffers.Table;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ArrowColumn;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.ForeignValues;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.store.ExternalFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.VectorBatchAppender;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an Arrow file or stream as batches, one column for each wanted one, in the type nearest to Arrow's. One batch of the file is in memory at a
 * time, on the budget. Owned by one statement, one thread; a batch is valid until the next call.
 */
public final class ArrowSource implements AutoCloseable {
    private static final int MOST_DIGITS = 38;

    private final ExternalFile file;
    private final List<String> names;
    private final MemoryBudget budget;
    private final ArrowInput input;
    private final List<Field> fields = new ArrayList<>();
    private final int[] targets;
    private final Map<Long, Dictionary> dictionaries = new HashMap<>();
    private final DictionaryProvider provider = new DictionaryProvider() {
        @Override
        public @Nullable Dictionary lookup(long id) {
            return dictionaries.get(id);
        }

        @Override
        public Set<Long> getDictionaryIds() {
            return dictionaries.keySet();
        }
    };

    private final List<FieldVector> vectors = new ArrayList<>();
    private final @Nullable ArrowColumn[] columns;
    private int batchNumber;
    private int rows;
    private int at;
    private int pieceStart;

    /**
     * Opens the file and reads its schema.
     *
     * @param names the columns wanted; those of the file are found by name, without regard to case
     * @throws EngineException BAD_COPY_FILE, FEATURE_NOT_SUPPORTED for a type that no column has
     */
    public ArrowSource(ExternalFile file, List<String> names, MemoryBudget budget) {
        this.file = file;
        this.names = names;
        this.budget = budget;
        this.columns = new ArrowColumn[names.size()];
        this.input = new ArrowInput(file, budget);
        try {
            for (Field field : input.schema().getFields()) {
                fields.add(inMemory(field));
            }
            this.targets = targets();
        } catch (EngineException e) {
            input.close();
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            input.close();
            throw input.unreadable(e);
        }
    }

    /** Bytes of the file that were read, about. */
    public long bytesRead() {
        return input.bytesRead();
    }

    /** Where a row of the current batch is in the file. */
    public String place(int row) {
        return "'" + file.path() + "' record batch " + batchNumber + ", row " + (pieceStart + row + 1);
    }

    /** A field of the file's schema, where a dictionary's has the type of its values, as its vector has it: that of the codes. */
    private Field inMemory(Field field) {
        check(field);
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding == null) {
            return field;
        }
        ArrowType codes = encoding.getIndexType();
        return new Field(field.getName(), new FieldType(true, codes, encoding, field.getMetadata()), null);
    }

    private void check(Field field) {
        MinorType type = Types.getMinorTypeForArrowType(field.getType());
        switch (type) {
            case NULL, BIT, TINYINT, SMALLINT, INT, BIGINT, UINT1, UINT2, UINT4, UINT8, FLOAT4, FLOAT8, DECIMAL -> {}
            case DATEDAY, DATEMILLI, TIMESEC, TIMEMILLI, TIMEMICRO, TIMENANO -> {}
            case TIMESTAMPSEC, TIMESTAMPMILLI, TIMESTAMPMICRO, TIMESTAMPNANO -> {}
            case TIMESTAMPSECTZ, TIMESTAMPMILLITZ, TIMESTAMPMICROTZ, TIMESTAMPNANOTZ -> {}
            case VARCHAR, LARGEVARCHAR, VIEWVARCHAR, VARBINARY, LARGEVARBINARY, VIEWVARBINARY, FIXEDSIZEBINARY -> {}
            default -> {
                boolean nested = field.getType().isComplex();
                throw new EngineException(
                        ErrorCode.FEATURE_NOT_SUPPORTED,
                        "'" + file.path() + "', column '" + field.getName() + "': COPY does not read Arrow's type "
                                + field.getType()
                                + (nested ? "; write one column for each field, or one row for each element" : ""));
            }
        }
    }

    /** The wanted column of each field. */
    private int[] targets() {
        int[] found = new int[fields.size()];
        List<String> missing = new ArrayList<>(names);
        for (int i = 0; i < found.length; i++) {
            String name = fields.get(i).getName();
            int column = indexOf(name);
            if (column < 0) {
                throw bad("has the column '" + name + "', which is not one of the columns " + names);
            }
            if (!missing.remove(names.get(column))) {
                throw bad("has the column '" + name + "' twice");
            }
            found[i] = column;
        }
        if (!missing.isEmpty()) {
            throw bad("lacks the columns " + missing + "; COPY table (columns) FROM … reads some of a table's columns");
        }
        return found;
    }

    private EngineException bad(String what) {
        return new EngineException(ErrorCode.BAD_COPY_FILE, "'" + file.path() + "' " + what);
    }

    private int indexOf(String name) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The next rows, at most {@link Batch#ROWS}; null at the end. */
    public @Nullable Batch next() {
        while (at == rows) {
            if (!load()) {
                return null;
            }
        }
        int count = Math.min(Batch.ROWS, rows - at);
        ColumnVector[] piece = new ColumnVector[columns.length];
        for (int i = 0; i < piece.length; i++) {
            piece[i] = slice(Objects.requireNonNull(columns[i]).vector(), at);
        }
        pieceStart = at;
        at += count;
        return new Batch(piece).set(count, null);
    }

    /** @param from a multiple of 8, for bitmaps */
    private static ColumnVector slice(ColumnVector whole, int from) {
        TypeKind kind = whole.type().kind();
        // the digits are checked where they are stored, if the column has fewer
        ColumnType type = kind == TypeKind.DECIMAL
                ? ColumnType.decimal(MOST_DIGITS, whole.type().scale())
                : whole.type();
        ColumnVector piece = new ColumnVector(type).pointLike(whole);
        if (whole.isConstant() || from == 0) {
            return piece;
        }
        long data = kind == TypeKind.BOOLEAN ? from / Byte.SIZE : (long) from * kind.width();
        long bits = whole.validity() == 0 ? 0 : whole.validity() + from / Byte.SIZE;
        return piece.point(whole.dataBuffer(), whole.data() + data, whole.validityBuffer(), bits);
    }

    /** Reads up to the next batch of the file; false at its end. */
    private boolean load() {
        release();
        try {
            for (ArrowInput.Part part = input.next(); part != null; part = input.next()) {
                try (ArrowInput.Part message = part) {
                    if (loadPart(message)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (EngineException | OutOfMemoryException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw input.unreadable(e);
        }
    }

    private boolean loadPart(ArrowInput.Part part) {
        switch (part.message().headerType()) {
            case MessageHeader.DictionaryBatch -> {
                loadDictionary(read(new DictionaryBatch(), part), part);
                return false;
            }
            case MessageHeader.RecordBatch -> {
                loadRows(read(new RecordBatch(), part), part);
                return true;
            }
            default ->
                throw new BrokenArrowException("a message of kind "
                        + part.message().headerType() + " where a batch of rows or a dictionary should be");
        }
    }

    private static <T extends Table> T read(T into, ArrowInput.Part part) {
        if (part.message().header(into) == null) {
            throw new BrokenArrowException("a message has nothing in it");
        }
        return into;
    }

    private void loadDictionary(DictionaryBatch batch, ArrowInput.Part part) {
        Field values = null;
        DictionaryEncoding encoding = null;
        for (Field field : input.schema().getFields()) {
            DictionaryEncoding one = field.getDictionary();
            if (one != null && one.getId() == batch.id()) {
                encoding = one;
                values = new Field(field.getName(), FieldType.nullable(field.getType()), null);
            }
        }
        if (values == null || encoding == null) {
            throw new BrokenArrowException("no column has the dictionary " + batch.id());
        }
        RecordBatch texts = batch.data();
        try (ArrowBody body = new ArrowBody(texts, part.body(), budget)) {
            FieldVector vector = body.take(values);
            Dictionary known = dictionaries.get(batch.id());
            if (batch.isDelta() && known != null) {
                try (FieldVector more = vector) {
                    VectorBatchAppender.batchAppend(known.getVector(), more);
                }
                return;
            }
            dictionaries.put(batch.id(), new Dictionary(vector, encoding));
            if (known != null) {
                known.getVector().close();
            }
        }
    }

    private void loadRows(RecordBatch batch, ArrowInput.Part part) {
        batchNumber++;
        try (ArrowBody body = new ArrowBody(batch, part.body(), budget)) {
            for (int i = 0; i < targets.length; i++) {
                budget.poll();
                FieldVector vector = body.take(fields.get(i));
                vectors.add(vector);
                columns[targets[i]] = column(vector, names.get(targets[i]), body.rows());
            }
            rows = body.rows();
        }
    }

    private ArrowColumn column(FieldVector vector, String name, int count) {
        String where = "'" + file.path() + "' record batch " + batchNumber + ", column '" + name + "'";
        ArrowColumn column = new ArrowColumn(budget, where, vector, count, provider, null);
        try {
            ForeignValues.Fault fault = ForeignValues.first(column.vector(), count);
            if (fault != null) {
                throw bad(where, fault.row(), fault.what());
            }
            return column;
        } catch (RuntimeException | Error e) {
            column.close();
            throw e;
        }
    }

    private static EngineException bad(String where, int row, String what) {
        return new EngineException(ErrorCode.BAD_COPY_FILE, where + ", row " + (row + 1) + ": " + what);
    }

    private void release() {
        rows = 0;
        at = 0;
        Closing closing = new Closing();
        for (int i = 0; i < columns.length; i++) {
            ArrowColumn column = columns[i];
            columns[i] = null;
            if (column != null) {
                closing.then(column::close);
            }
        }
        closing.each(vectors, FieldVector::close);
        vectors.clear();
        closing.finish();
    }

    @Override
    public void close() {
        new Closing()
                .then(this::release)
                .each(
                        dictionaries.values(),
                        dictionary -> dictionary.getVector().close())
                .then(dictionaries::clear)
                .then(input::close)
                .finish();
    }
}
