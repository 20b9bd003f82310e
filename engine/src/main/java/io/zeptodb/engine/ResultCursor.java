package io.zeptodb.engine;

import io.zeptodb.engine.api.ArrowFields;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.exec.Operator;
import io.zeptodb.engine.exec.Operators;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a running query as Arrow batches. Its methods exclude each other, so that a database which closes can close it under its
 * reader, who then gets CLOSED.
 */
final class ResultCursor implements BatchCursor {
    private final List<ResultColumn> columns;
    private final Schema schema;
    private final Execution execution;
    private final Operator operator;
    private final VectorSchemaRoot root;
    private final VectorExport export;
    private final DictionaryProvider.MapDictionaryProvider dictionaries =
            new DictionaryProvider.MapDictionaryProvider();
    private final List<Dictionary> ownDictionaries = new ArrayList<>();
    private final @Nullable SymbolDictionary[] knownDictionaries;
    private final int[] dictionarySizes;
    private final Consumer<ResultCursor> whenClosed;
    private final long mostRows;
    private long rowsGiven;
    private long rowsLeft;
    /** What ended the query, if it did not come to its end: nobody is to take the rows before it for the whole result. */
    private @Nullable EngineException failure;

    private boolean closed;
    /** Set before close waits for its turn, and read by a thread after it said that it pulls: one of the two sees the other. */
    private volatile boolean closing;

    private volatile @Nullable Thread puller;

    /** Takes over the execution: it is closed with the cursor, and when the constructor fails. */
    ResultCursor(
            PhysicalPlan plan,
            List<ResultColumn> columns,
            Execution execution,
            long maxRows,
            Consumer<ResultCursor> whenClosed) {
        this.columns = columns;
        this.execution = execution;
        this.whenClosed = whenClosed;
        this.schema = ArrowFields.schema(columns);
        this.rowsLeft = maxRows == 0 ? Long.MAX_VALUE : maxRows;
        this.mostRows = execution.mostResultRows();
        this.knownDictionaries = new SymbolDictionary[columns.size()];
        this.dictionarySizes = new int[columns.size()];
        Operator opened = null;
        try {
            opened = opened(plan, execution);
            operator = opened;
            root = VectorSchemaRoot.create(schema, execution.budget().allocator());
            export = new VectorExport(execution.budget(), root.getFieldVectors());
            execution.readerIsAtWork();
        } catch (RuntimeException | Error e) {
            try (Execution ends = execution;
                    Operator closes = opened) {
                throw e;
            }
        }
    }

    private static Operator opened(PhysicalPlan plan, Execution execution) {
        try {
            return Operators.open(plan, execution.context());
        } catch (RuntimeException | Error e) {
            throw EdgeErrors.of(e, execution);
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
    public synchronized boolean next() {
        puller = Thread.currentThread();
        try {
            execution.isAtWork();
            checkOpen();
            return pull();
        } finally {
            execution.readerIsAtWork();
            puller = null;
        }
    }

    private boolean pull() {
        root.clear();
        if (failure != null) {
            throw failure;
        } else if (rowsLeft == 0) {
            return false;
        }
        try {
            execution.context().checkCancelled();
            Batch batch = operator.next();
            if (batch == null) {
                rowsLeft = 0;
                return false;
            }
            int count = (int) Math.min(batch.selectedCount(), rowsLeft);
            rowsGiven += count;
            if (mostRows > 0 && rowsGiven > mostRows) {
                throw new EngineException(
                        ErrorCode.LIMIT_EXCEEDED,
                        "the result has more than " + mostRows + " rows (option max_result_rows): add a LIMIT");
            }
            export.load(batch, 0, count);
            loadDictionaries(batch);
            root.setRowCount(count);
            rowsLeft -= count;
            return true;
        } catch (RuntimeException | Error e) {
            failure = EdgeErrors.of(e, execution);
            root.clear();
            throw failure;
        }
    }

    @Override
    public synchronized VectorSchemaRoot batch() {
        checkOpen();
        return root;
    }

    @Override
    public synchronized DictionaryProvider dictionaries() {
        checkOpen();
        for (int i = 0; i < columns.size(); i++) {
            // before the first batch, and where every batch was empty, a reader still expects a dictionary for each id
            if (columns.get(i).type().kind() == TypeKind.SYMBOL && dictionaries.lookup(i) == null) {
                put(i, emptyTexts(i));
            }
        }
        return dictionaries;
    }

    @Override
    public synchronized void whileOpen(Runnable action) {
        checkOpen();
        action.run();
    }

    private void loadDictionaries(Batch batch) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).type().kind() == TypeKind.SYMBOL) {
                SymbolDictionary dictionary = batch.column(i).dictionary();
                // codes are never changed, so the texts of a dictionary that has not grown are still right
                if (dictionary != null
                        && (dictionary != knownDictionaries[i] || dictionary.size() != dictionarySizes[i])) {
                    int size = dictionary.size();
                    knownDictionaries[i] = dictionary;
                    dictionarySizes[i] = size;
                    put(i, texts(i, dictionary.values(), size));
                }
            }
        }
    }

    private void put(int column, FieldVector texts) {
        Dictionary dictionary = new Dictionary(texts, ArrowFields.encoding(column));
        ownDictionaries.add(dictionary);
        dictionaries.put(dictionary);
    }

    private FieldVector texts(int column, ColumnVector values, int size) {
        FieldVector texts = emptyTexts(column);
        VectorExport.share(values, 0, size, texts);
        return texts;
    }

    private FieldVector emptyTexts(int column) {
        return ArrowFields.field(columns.get(column).label(), io.zeptodb.engine.api.ColumnType.VARCHAR, false, 0)
                .createVector(execution.budget().allocator());
    }

    private void checkOpen() {
        if (closed || closing) {
            execution.context().checkCancelled();
            throw new EngineException(ErrorCode.STATEMENT_CLOSED, "cursor is closed");
        }
    }

    /** Any thread: what a database does that closes under its readers. */
    void closeWith(ErrorCode code, String message) {
        execution.stop(code, message);
        close();
    }

    /** Any thread: one that is pulling a batch meanwhile is stopped, not waited for until the query ends. */
    @Override
    public void close() {
        closing = true;
        Thread pulling = puller;
        if (pulling != null && !pulling.equals(Thread.currentThread())) {
            execution.stop(ErrorCode.CANCELLED, "statement cancelled: its result was closed by another thread");
        }
        closeInTurn();
    }

    private synchronized void closeInTurn() {
        if (closed) {
            return;
        }
        closed = true;
        try (Execution ends = execution;
                Operator closes = operator;
                VectorExport copies = export;
                VectorSchemaRoot vectors = root) {
            ownDictionaries.forEach(dictionary -> dictionary.getVector().close());
        } finally {
            whenClosed.accept(this);
        }
    }
}
