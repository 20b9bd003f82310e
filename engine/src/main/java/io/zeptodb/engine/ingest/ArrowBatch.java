package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ArrowColumn;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.ForeignValues;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/** The columns of an Arrow batch in the order of a table, matched by name; columns that the batch lacks are NULL. */
final class ArrowBatch implements AutoCloseable {
    private final TableSchema schema;
    private final @Nullable SymbolTable[] symbols;
    private final MemoryBudget budget;
    private final List<ArrowColumn> columns = new ArrayList<>();

    /** @param symbols by ordinal the dictionary of a SYMBOL column, null for others */
    ArrowBatch(TableSchema schema, @Nullable SymbolTable[] symbols, MemoryBudget budget) {
        this.schema = schema;
        this.symbols = symbols;
        this.budget = budget;
    }

    /** Valid until this is closed. */
    ColumnVector[] map(VectorSchemaRoot batch, @Nullable DictionaryProvider dictionaries) {
        ColumnVector[] mapped = new ColumnVector[schema.columns().size()];
        for (FieldVector vector : batch.getFieldVectors()) {
            int ordinal = schema.ordinalOf(vector.getName());
            if (ordinal == TableSchema.NONE) {
                throw new EngineException(
                        ErrorCode.UNDEFINED_COLUMN,
                        "cannot append to '" + schema.name() + "': it has no column '" + vector.getName() + "'");
            }
            ColumnDefinition definition = schema.columns().get(ordinal);
            String where = "cannot append to '" + schema.name() + "': column '" + definition.name() + "', a "
                    + definition.type() + ",";
            if (mapped[ordinal] != null) {
                throw new EngineException(ErrorCode.DUPLICATE_COLUMN, where + " is twice in the batch");
            }
            ArrowColumn column =
                    new ArrowColumn(budget, where, vector, batch.getRowCount(), dictionaries, symbols[ordinal]);
            columns.add(column);
            ForeignValues.check(column.vector(), batch.getRowCount(), where);
            mapped[ordinal] = column.vector();
        }
        for (int i = 0; i < mapped.length; i++) {
            if (mapped[i] == null) {
                mapped[i] = new ColumnVector(ColumnType.NULL).asConstant(true);
            }
        }
        return mapped;
    }

    @Override
    public void close() {
        columns.forEach(ArrowColumn::close);
        columns.clear();
    }
}
