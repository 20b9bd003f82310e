package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/** Looks for values that Arrow's types allow and the engine's do not: everything behind the door believes that there are none. Stateless. */
public final class ForeignValues {
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;
    /** -999999-01-01 and 999999-12-31: what the text of a DATE can say. */
    private static final int FIRST_DAY = -365_961_662;

    private static final int LAST_DAY = 364_522_971;
    private static final int NONE = -1;

    private ForeignValues() {}

    /**
     * A value that no column can have.
     *
     * @param row where it is, counted from 0
     * @param what it is, as the object of a sentence
     */
    public record Fault(ErrorCode code, int row, String what) {}

    /** The first of such values in rows [0, rows), or null when there is none. */
    public static @Nullable Fault first(ColumnVector column, int rows) {
        return switch (column.type().kind()) {
            case VARCHAR ->
                fault(ErrorCode.INVALID_ENCODING, PackedTexts.firstNotUtf8(column, rows), "bytes that are not UTF-8");
            case TIME -> firstTime(column, rows);
            case DATE -> firstDate(column, rows);
            case DECIMAL -> firstDecimal(column, rows);
            default -> null;
        };
    }

    /**
     * Refuses such values.
     *
     * @param where what the message begins with
     * @throws EngineException DATETIME_OUT_OF_RANGE, NUMERIC_OUT_OF_RANGE; INVALID_ENCODING for texts that are none
     */
    public static void check(ColumnVector column, int rows, String where) {
        check(column, rows, where, 0);
    }

    /** As above; the message counts rows from those before on. */
    public static void check(ColumnVector column, int rows, String where, long rowsBefore) {
        Fault fault = first(column, rows);
        if (fault != null) {
            throw failure(fault, where, rowsBefore);
        }
    }

    static EngineException failure(Fault fault, String where, long rowsBefore) {
        return new EngineException(
                fault.code(), where + " got " + fault.what() + " (row " + (rowsBefore + fault.row() + 1) + ")");
    }

    private static @Nullable Fault fault(ErrorCode code, int row, String what) {
        return row == NONE ? null : new Fault(code, row, what);
    }

    private static @Nullable Fault firstTime(ColumnVector column, int rows) {
        if (rows == 0 || column.isConstant()) {
            return null;
        }
        long data = column.data();
        for (int i = 0; i < rows; i++) {
            // one comparison: a negative number is a large one
            if (Long.compareUnsigned(Memory.getLong(data + ((long) i << 3)), NANOS_PER_DAY) >= 0 && !column.isNull(i)) {
                return new Fault(
                        ErrorCode.DATETIME_OUT_OF_RANGE, i, "a TIME of " + column.getLong(i) + " ns, which no day has");
            }
        }
        return null;
    }

    private static @Nullable Fault firstDate(ColumnVector column, int rows) {
        for (int i = 0; i < rows; i++) {
            int day = column.getInt(i);
            if ((day < FIRST_DAY || day > LAST_DAY) && !column.isNull(i)) {
                return new Fault(
                        ErrorCode.DATETIME_OUT_OF_RANGE,
                        i,
                        "day " + day + " since 1970, which is outside the range of DATE, the years -999999 to 999999");
            }
        }
        return null;
    }

    private static @Nullable Fault firstDecimal(ColumnVector column, int rows) {
        ColumnType type = column.type();
        for (int i = 0; i < rows; i++) {
            long high = column.getDecimalHigh(i);
            long low = column.getDecimalLow(i);
            if (!Int128.fitsPrecision(high, low, type.precision()) && !column.isNull(i)) {
                return new Fault(
                        ErrorCode.NUMERIC_OUT_OF_RANGE,
                        i,
                        column.getDecimal(i).toPlainString() + ", which has more digits than a " + type);
            }
        }
        return null;
    }
}
