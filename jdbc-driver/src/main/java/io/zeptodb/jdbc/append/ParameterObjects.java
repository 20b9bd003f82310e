package io.zeptodb.jdbc.append;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.WallClock;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.jspecify.annotations.Nullable;

/** Rows of Java values out of columns, for statements and protocols that take nothing else. Stateless and thread-safe. */
public final class ParameterObjects {
    private ParameterObjects() {}

    static @Nullable Object of(ValueKind kind, long number) {
        return switch (kind) {
            case BOOLEAN -> number != 0;
            case BYTE -> (byte) number;
            case SHORT -> (short) number;
            case INT -> (int) number;
            case LONG -> number;
            case FLOAT -> Float.intBitsToFloat((int) number);
            case DOUBLE -> Double.longBitsToDouble(number);
            case DATE -> LocalDate.ofEpochDay(number);
            case TIME -> LocalTime.ofNanoOfDay(number);
            case TIMESTAMP -> WallClock.localDateTime(number);
            default -> null;
        };
    }

    /**
     * The rows of batches of columns, as the engine's {@code PreparedQuery} takes them.
     *
     * @throws EngineException DATATYPE_MISMATCH for a type of Arrow that has no such value
     */
    public static List<@Nullable Object[]> rows(
            List<VectorSchemaRoot> batches, @Nullable DictionaryProvider dictionaries) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (VectorSchemaRoot batch : batches) {
            List<FieldVector> vectors = batch.getFieldVectors();
            for (int row = 0; row < batch.getRowCount(); row++) {
                @Nullable Object[] values = new Object[vectors.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = value(vectors.get(i), row, dictionaries);
                }
                rows.add(values);
            }
        }
        return rows;
    }

    private static @Nullable Object value(FieldVector vector, int row, @Nullable DictionaryProvider dictionaries) {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding == null || vector.isNull(row)) {
            return value(vector, row);
        }
        Dictionary dictionary = dictionaries == null ? null : dictionaries.lookup(encoding.getId());
        if (dictionary == null) {
            throw new EngineException(
                    ErrorCode.DATATYPE_MISMATCH,
                    "a parameter cannot be made of dictionary-encoded values without their dictionary "
                            + encoding.getId());
        }
        return value(dictionary.getVector(), ((Number) vector.getObject(row)).intValue());
    }

    /** A value of a column as an object; null for NULL. */
    static @Nullable Object value(FieldVector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        return switch (vector.getMinorType()) {
            case NULL -> null;
            case BIT -> ((BitVector) vector).get(row) != 0;
            case TINYINT, SMALLINT, INT, BIGINT, FLOAT4, FLOAT8, DECIMAL, VARBINARY, VIEWVARBINARY ->
                vector.getObject(row);
            case VARCHAR, VIEWVARCHAR -> String.valueOf(vector.getObject(row));
            case DATEDAY -> LocalDate.ofEpochDay(((DateDayVector) vector).get(row));
            case TIMENANO -> LocalTime.ofNanoOfDay(((TimeNanoVector) vector).get(row));
            case TIMESTAMPNANO -> WallClock.localDateTime(((TimeStampNanoVector) vector).get(row));
            case TIMESTAMPMICRO, TIMESTAMPMILLI, TIMESTAMPSEC -> vector.getObject(row);
            default -> throw unknown(vector.getField().getType());
        };
    }

    private static EngineException unknown(ArrowType type) {
        return new EngineException(ErrorCode.DATATYPE_MISMATCH, "a parameter cannot be made of Arrow type " + type);
    }
}
