package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the columns of a batch against a table and gives them the table's types: symbols in codes of the table's dictionaries, timestamps cut to the
 * column's precision, integers and floats widened. Columns that fit are passed through. What it returns is valid until the next call, and as
 * long as the batch. One thread.
 */
final class TableWriter implements AutoCloseable {
    private final TableSchema schema;
    private final @Nullable SymbolTable[] dictionaries;
    private final ColumnVector[] prepared;
    private final @Nullable WritableColumn[] compacted;
    private final ColumnConversion[] conversions;
    private final MemoryBudget budget;
    /** Rows of the statement in the batches before. */
    private long rowsBefore;

    TableWriter(TableMetadata metadata, @Nullable SymbolTable[] dictionaries, MemoryBudget budget) {
        this.schema = metadata.schema();
        this.dictionaries = dictionaries;
        List<ColumnDefinition> columns = schema.columns();
        this.prepared = new ColumnVector[columns.size()];
        this.compacted = new WritableColumn[columns.size()];
        this.conversions = new ColumnConversion[columns.size()];
        for (int i = 0; i < conversions.length; i++) {
            conversions[i] = new ColumnConversion(columns.get(i).type(), dictionaries[i], budget);
        }
        this.budget = budget;
    }

    /** By ordinal; null where the column is not a SYMBOL. */
    @Nullable
    SymbolTable[] dictionaries() {
        return dictionaries;
    }

    /** The dictionary of a SYMBOL column. */
    SymbolTable dictionary(int ordinal) {
        SymbolTable dictionary = dictionaries[ordinal];
        if (dictionary == null) {
            ColumnDefinition column = schema.columns().get(ordinal);
            throw new EngineException(
                    ErrorCode.DATATYPE_MISMATCH,
                    "column '" + column.name() + "' of '" + schema.name() + "' is " + column.type() + ", not a SYMBOL");
        }
        return dictionary;
    }

    /** Rows are counted from here on, for messages. */
    void beginStatement() {
        rowsBefore = 0;
    }

    /**
     * The columns as the table stores them.
     *
     * @param columns by ordinal
     * @param selection the rows that count, or null for all
     * @param rows rows of the columns
     * @throws EngineException DATATYPE_MISMATCH, NULL_NOT_ALLOWED, NUMERIC_OUT_OF_RANGE with table, column and row
     */
    ColumnVector[] prepare(ColumnVector[] columns, @Nullable SelectionVector selection, int rows) {
        if (columns.length != prepared.length) {
            throw new EngineException(
                    ErrorCode.DATATYPE_MISMATCH,
                    "cannot append to '" + schema.name() + "': it has " + prepared.length + " columns, got "
                            + columns.length);
        }
        int count = selection == null ? rows : selection.count();
        for (int i = 0; i < columns.length; i++) {
            ColumnVector source = selection == null ? columns[i] : compact(i, columns[i], selection);
            prepared[i] = prepareOne(i, source, count);
        }
        rowsBefore += count;
        return prepared;
    }

    private ColumnVector prepareOne(int ordinal, ColumnVector source, int rows) {
        ColumnDefinition column = schema.columns().get(ordinal);
        ColumnVector target;
        try {
            target = conversions[ordinal].convert(source, rows);
        } catch (RowFault fault) {
            throw refused(column, fault.code(), fault.what(), fault.row());
        }
        if (target == null) {
            throw refused(column, ErrorCode.DATATYPE_MISMATCH, "is " + column.type() + ", got " + source.type(), -1);
        }
        if (!column.nullable() && target.hasNulls()) {
            checkNoNull(column, target, rows);
        }
        return target;
    }

    private void checkNoNull(ColumnDefinition column, ColumnVector vector, int rows) {
        for (int i = 0; i < rows; i++) {
            if (vector.isNull(i)) {
                throw refused(column, ErrorCode.NULL_NOT_ALLOWED, "is NOT NULL, got NULL", i);
            }
        }
    }

    private EngineException refused(ColumnDefinition column, ErrorCode code, String what, int row) {
        return refusal(schema.name(), column, code, what, row < 0 ? row : rowsBefore + row);
    }

    /** @param row position in the batches of the statement, counted from 0, or -1; the message counts from 1 */
    static EngineException refusal(String table, ColumnDefinition column, ErrorCode code, String what, long row) {
        return new EngineException(
                code,
                "cannot append to '" + table + "': column '" + column.name() + "' " + what
                        + (row < 0 ? "" : " (row " + (row + 1) + ")"));
    }

    private ColumnVector compact(int ordinal, ColumnVector source, SelectionVector selection) {
        if (source.isConstant()) {
            return source;
        }
        WritableColumn target = compacted[ordinal];
        if (target == null || !target.type().equals(source.type())) {
            if (target != null) {
                target.close();
            }
            target = new WritableColumn(budget, source.type());
            compacted[ordinal] = target;
        }
        target.setDictionary(source.dictionary());
        target.gatherShared(source, selection.positions(), selection.count());
        return target.vector();
    }

    @Override
    public void close() {
        for (int i = 0; i < compacted.length; i++) {
            WritableColumn column = compacted[i];
            if (column != null) {
                column.close();
                compacted[i] = null;
            }
            conversions[i].close();
        }
    }
}
