package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ArrowColumn;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.ForeignValues;
import io.zeptodb.engine.batch.MemoryBudget;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/** Parameters of many rows that came as Arrow columns, one for each question mark. Valid as long as the batch; close it. One thread. */
final class ParameterVectors implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int rowCount;
    private final List<ArrowColumn> columns = new ArrayList<>();

    /**
     * @param batch stays the caller's
     * @param count of the statement's parameters
     * @param rowsBefore in batches before this one: messages count over all of them
     * @throws EngineException INVALID_PARAMETER when the batch has another number of columns; DATATYPE_MISMATCH for an Arrow type that no column has;
     *     as {@link ForeignValues#check} for a value that no column can have
     */
    ParameterVectors(
            VectorSchemaRoot batch,
            @Nullable DictionaryProvider dictionaries,
            int count,
            long rowsBefore,
            MemoryBudget budget) {
        List<FieldVector> vectors = batch.getFieldVectors();
        if (vectors.size() != count) {
            throw new EngineException(
                    ErrorCode.INVALID_PARAMETER,
                    "the statement has " + count + " parameters, got " + vectors.size() + " columns of values");
        }
        this.rowCount = batch.getRowCount();
        try {
            for (int i = 0; i < count; i++) {
                String where = "parameter " + (i + 1);
                ArrowColumn column = new ArrowColumn(budget, where, vectors.get(i), rowCount, dictionaries, null);
                columns.add(column);
                ForeignValues.check(column.vector(), rowCount, where, rowsBefore);
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    int rowCount() {
        return rowCount;
    }

    /** The values of a parameter, counted from 0; constant when all are NULL. */
    ColumnVector column(int parameter) {
        return columns.get(parameter).vector();
    }

    /** The values of one row as {@code PreparedQuery} takes them. */
    List<@Nullable Object> row(int row) {
        List<@Nullable Object> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            values.add(value(i, row));
        }
        return values;
    }

    @Nullable
    Object value(int parameter, int row) {
        ColumnVector column = column(parameter);
        TypeKind kind = column.type().kind();
        if (kind == TypeKind.NULL || column.isNull(row)) {
            return null;
        }
        return switch (kind) {
            case BOOLEAN -> column.getBoolean(row);
            case TINYINT -> (byte) column.getAsLong(row);
            case SMALLINT -> (short) column.getAsLong(row);
            case INTEGER -> (int) column.getAsLong(row);
            case REAL -> column.getFloat(row);
            case DOUBLE -> column.getDouble(row);
            case DECIMAL -> column.getDecimal(row);
            case VARCHAR -> column.getText(row);
            case VARBINARY -> column.getBytes(row);
            case DATE -> LocalDate.ofEpochDay(column.getAsLong(row));
            case TIME -> LocalTime.ofNanoOfDay(column.getAsLong(row));
            case TIMESTAMP -> time(column.getAsLong(row));
            default -> column.getAsLong(row);
        };
    }

    private static LocalDateTime time(long nanos) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(nanos, NANOS_PER_SECOND), (int) Math.floorMod(nanos, NANOS_PER_SECOND), ZoneOffset.UTC);
    }

    /** All rows of batches, for statements that take them one by one. */
    static List<List<@Nullable Object>> rows(
            List<VectorSchemaRoot> batches, @Nullable DictionaryProvider dictionaries, int count, Execution execution) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (VectorSchemaRoot batch : batches) {
            execution.context().checkCancelled();
            try (ParameterVectors vectors =
                    new ParameterVectors(batch, dictionaries, count, rows.size(), execution.budget())) {
                for (int i = 0; i < vectors.rowCount(); i++) {
                    rows.add(vectors.row(i));
                }
            }
        }
        return rows;
    }

    @Override
    public void close() {
        columns.forEach(ArrowColumn::close);
        columns.clear();
    }
}
