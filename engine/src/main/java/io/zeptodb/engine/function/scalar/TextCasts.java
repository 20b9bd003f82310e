package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.IntervalText;
import io.zeptodb.engine.api.NestedText;
import io.zeptodb.engine.api.NumberText;
import io.zeptodb.engine.api.TemporalText;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.api.ValueText;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.NestedShape;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/** Conversions to and from text; see {@link io.zeptodb.engine.function.Casts} for their rules. */
public final class TextCasts {
    private TextCasts() {}

    // ---- to text

    public static @Nullable ScalarKernel toText(ColumnType from) {
        return switch (from.kind()) {
            case SYMBOL -> symbols();
            case VARCHAR -> TemporalCasts.find(from, from, false);
            case BOOLEAN,
                    TINYINT,
                    SMALLINT,
                    INTEGER,
                    BIGINT,
                    REAL,
                    DOUBLE,
                    DECIMAL,
                    VARBINARY,
                    INTERVAL_DAY,
                    INTERVAL_MONTH,
                    ARRAY,
                    ROW -> strings();
            case DATE, TIME, TIMESTAMP -> temporals(from.kind());
            case NULL -> null;
        };
    }

    /** A value of any type as text: what CAST to VARCHAR gives. The row is not NULL. */
    static String format(ColumnVector vector, int row) {
        return switch (vector.type().kind()) {
            case NULL -> "NULL";
            case BOOLEAN -> vector.getBoolean(row) ? "true" : "false";
            case TINYINT, SMALLINT, INTEGER, BIGINT -> Long.toString(vector.getAsLong(row));
            case REAL -> NumberText.format(vector.getFloat(row));
            case DOUBLE -> NumberText.format(vector.getDouble(row));
            case DECIMAL -> decimal(vector, row);
            case VARCHAR, SYMBOL -> vector.getText(row);
            case VARBINARY -> ValueText.formatBinary(vector.getBytes(row));
            case DATE -> TemporalText.formatDate(vector.getInt(row));
            case TIME -> TemporalText.formatTime(vector.getLong(row));
            case TIMESTAMP -> TemporalText.formatTimestamp(vector.getLong(row));
            case INTERVAL_DAY -> IntervalText.formatNanos(vector.getLong(row));
            case INTERVAL_MONTH -> IntervalText.formatMonths(vector.getInt(row));
            case ARRAY, ROW ->
                NestedText.format(vector.type(), new NestedShape(vector.type()).toList(vector.viewBytes(row)));
        };
    }

    private static String decimal(ColumnVector vector, int row) {
        String digits = Int128.toString(vector.getDecimalHigh(row), vector.getDecimalLow(row));
        int scale = vector.type().scale();
        if (scale == 0) {
            return digits;
        }
        int sign = digits.charAt(0) == '-' ? 1 : 0;
        StringBuilder text = new StringBuilder(digits);
        while (text.length() - sign <= scale) {
            text.insert(sign, '0');
        }
        return text.insert(text.length() - scale, '.').toString();
    }

    private static ScalarKernel strings() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector[] views = TextLoops.texts(arguments);
            WorkMeter work = new WorkMeter(context.stopCheck());
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (arguments[0].isNull(at)) {
                    TextLoops.putEmpty(result, at);
                } else {
                    TextLoops.addBytes(views, at, work);
                    result.setText(at, format(arguments[0], at));
                }
            }
        };
    }

    private static ScalarKernel temporals(TypeKind kind) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector from = arguments[0];
            byte[] text = new byte[TemporalText.MOST_CHARACTERS];
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (from.isNull(at)) {
                    TextLoops.putEmpty(result, at);
                    continue;
                }
                int length = switch (kind) {
                    case DATE -> TemporalText.writeDate(from.getInt(at), text, 0);
                    case TIME -> TemporalText.writeTime(from.getLong(at), text, 0);
                    default -> TemporalText.writeTimestamp(from.getLong(at), text, 0);
                };
                result.heap().putView(result.data() + ((long) at << 4), text, 0, length);
            }
        };
    }

    /** SYMBOL codes become the views of the dictionary's texts, which are not copied. */
    private static ScalarKernel symbols() {
        return (arguments, selection, rowCount, result, context) -> {
            ColumnVector from = arguments[0];
            ColumnVector texts = from.requireDictionary().values();
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (from.isNull(at)) {
                    TextLoops.putEmpty(result, at);
                } else {
                    long view = texts.viewAddress(from.getInt(at));
                    Memory.putLong(out + ((long) at << 4), Memory.getLong(view));
                    Memory.putLong(out + ((long) at << 4) + Long.BYTES, Memory.getLong(view + Long.BYTES));
                }
            }
            result.shareHeaps(texts.heaps(), texts.heapAddresses());
        };
    }

    // ---- from text

    /** Reads one text into a row; throws when it is no value. */
    private interface TextReader {
        void read(Utf8Text text, int row, WritableColumn result);
    }

    public static @Nullable ScalarKernel fromText(ColumnType from, ColumnType to, boolean lenient) {
        TextReader reader = reader(to);
        if (reader == null) {
            return null;
        }
        boolean symbol = from.kind() == TypeKind.SYMBOL;
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector vector = arguments[0];
            ColumnVector texts = symbol ? vector.requireDictionary().values() : vector;
            Utf8Text text = new Utf8Text();
            WorkMeter work = new WorkMeter(context.stopCheck());
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (vector.isNull(at)) {
                    continue;
                }
                text.at(texts, symbol ? vector.getInt(at) : at);
                work.add(text.length());
                try {
                    reader.read(text, at, result);
                } catch (EngineException e) {
                    if (!lenient) {
                        throw e;
                    }
                    result.setNull(at);
                }
            }
        };
    }

    private static @Nullable TextReader reader(ColumnType to) {
        String name = to.toString();
        return switch (to.kind()) {
            case BOOLEAN -> (text, row, result) -> result.setBoolean(row, ValueText.parseBoolean(text));
            case TINYINT ->
                (text, row, result) ->
                        result.setLong(row, NumberText.parseInteger(text, name, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case SMALLINT ->
                (text, row, result) ->
                        result.setLong(row, NumberText.parseInteger(text, name, Short.MIN_VALUE, Short.MAX_VALUE));
            case INTEGER ->
                (text, row, result) ->
                        result.setLong(row, NumberText.parseInteger(text, name, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case BIGINT ->
                (text, row, result) ->
                        result.setLong(row, NumberText.parseInteger(text, name, Long.MIN_VALUE, Long.MAX_VALUE));
            case REAL -> (text, row, result) -> readReal(text, row, result);
            case DOUBLE -> (text, row, result) -> result.setDouble(row, NumberText.parseDouble(text));
            case DECIMAL ->
                (text, row, result) -> {
                    if (!NumberCasts.put(NumberText.parseDecimal(text), to, row, result)) {
                        throw Failures.outOfRange("'" + text + "'", to);
                    }
                };
            case VARBINARY -> (text, row, result) -> result.setBytes(row, ValueText.parseBinary(text.toString()));
            case DATE -> (text, row, result) -> result.setLong(row, TemporalText.parseDate(text));
            case TIME, TIMESTAMP -> (text, row, result) -> readTime(text, to, row, result);
            case INTERVAL_DAY -> (text, row, result) -> result.setLong(row, IntervalText.parseNanos(text));
            case INTERVAL_MONTH -> (text, row, result) -> result.setLong(row, IntervalText.parseMonths(text));
            default -> null;
        };
    }

    private static void readReal(Utf8Text text, int row, WritableColumn result) {
        double value = NumberText.parseDouble(text);
        if (Float.isInfinite((float) value) && !Double.isInfinite(value)) {
            throw Failures.outOfRange("'" + text + "'", ColumnType.REAL);
        }
        // a number written in decimal is rounded once, to the float, not first to a double
        boolean finite = !Double.isNaN(value) && !Double.isInfinite(value);
        float nearest = finite ? Float.parseFloat(text.toString().strip()) : (float) value;
        Memory.putFloat(result.data() + ((long) row << 2), nearest);
    }

    private static void readTime(Utf8Text text, ColumnType to, int row, WritableColumn result) {
        long nanos = to.kind() == TypeKind.TIME ? TemporalText.parseTime(text) : TemporalText.parseTimestamp(text);
        result.setLong(row, nanos - Math.floorMod(nanos, TemporalCasts.unit(to)));
    }
}
