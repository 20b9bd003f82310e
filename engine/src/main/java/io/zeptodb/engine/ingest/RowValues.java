package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Sets the columns of a row from Java values: numbers, texts, byte arrays and the types of java.time. */
final class RowValues {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private RowValues() {}

    static void write(RowWriter writer, TableSchema schema, @Nullable Object @Nullable [] row) {
        if (row == null) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot append to '" + schema.name() + "': got null in place of a row of "
                            + schema.columns().size() + " values");
        }
        if (row.length != schema.columns().size()) {
            throw new EngineException(
                    ErrorCode.DATATYPE_MISMATCH,
                    "cannot append to '" + schema.name() + "': it has "
                            + schema.columns().size() + " columns, got " + row.length + " values");
        }
        for (int i = 0; i < row.length; i++) {
            Object value = row[i];
            if (value != null) {
                writeValue(writer, schema, i, value);
            }
        }
    }

    private static void writeValue(RowWriter writer, TableSchema schema, int ordinal, Object value) {
        if (value instanceof CharSequence text) {
            writer.setString(ordinal, text);
        } else if (value instanceof Number number) {
            writeNumber(writer, schema.typeOf(ordinal).kind(), ordinal, number);
        } else if (value instanceof Boolean truth) {
            writer.setBoolean(ordinal, truth);
        } else if (value instanceof byte[] bytes) {
            writer.setBytes(ordinal, bytes);
        } else if (value instanceof Instant instant) {
            writer.setLong(ordinal, nanos(instant.getEpochSecond(), instant.getNano(), value));
        } else if (value instanceof LocalDateTime time) {
            writer.setLong(ordinal, nanos(time.toEpochSecond(ZoneOffset.UTC), time.getNano(), value));
        } else if (value instanceof LocalDate date) {
            writer.setLong(ordinal, date.toEpochDay());
        } else if (value instanceof LocalTime time) {
            writer.setLong(ordinal, time.toNanoOfDay());
        } else {
            throw new EngineException(
                    ErrorCode.DATATYPE_MISMATCH,
                    "cannot append to '" + schema.name() + "': column '"
                            + schema.columns().get(ordinal).name() + "' is " + schema.typeOf(ordinal) + ", got a "
                            + value.getClass().getName());
        }
    }

    private static void writeNumber(RowWriter writer, TypeKind kind, int ordinal, Number number) {
        if (kind == TypeKind.DECIMAL) {
            writer.setDecimal(ordinal, decimal(number));
        } else if (kind.isFloat()) {
            writer.setDouble(ordinal, number.doubleValue());
        } else if (number instanceof Double || number instanceof Float || number instanceof BigDecimal) {
            // an integer column does not take a fraction: the writer says so
            writer.setDouble(ordinal, number.doubleValue());
        } else {
            writer.setLong(ordinal, exactLong(number));
        }
    }

    private static long exactLong(Number number) {
        if (number instanceof BigInteger integer && integer.bitLength() >= Long.SIZE) {
            throw new EngineException(ErrorCode.NUMERIC_OUT_OF_RANGE, integer + " is outside the range of BIGINT");
        }
        return number.longValue();
    }

    private static BigDecimal decimal(Number number) {
        if (number instanceof BigDecimal exact) {
            return exact;
        }
        if (number instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        try {
            return new BigDecimal(number.toString());
        } catch (NumberFormatException e) {
            throw new EngineException(ErrorCode.NUMERIC_OUT_OF_RANGE, number + " is not a DECIMAL", e);
        }
    }

    private static long nanos(long seconds, int nanos, Object value) {
        try {
            return Math.addExact(Math.multiplyExact(seconds, NANOS_PER_SECOND), nanos);
        } catch (ArithmeticException e) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    value + " is outside the range of TIMESTAMP, 1677-09-21 to 2262-04-11",
                    e);
        }
    }
}
