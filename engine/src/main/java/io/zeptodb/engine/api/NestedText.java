package io.zeptodb.engine.api;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of ARRAY and ROW types as text: {@code [1, 2, NULL]} and {@code {'open': 1.5, 'close': 2.0}}, texts inside them as they are. Values are lists, of the
 * elements or of the fields in their order; what is in them is Boolean, Long for integers, DATE (days), TIME and TIMESTAMP (nanoseconds) and intervals, Double
 * for REAL and DOUBLE, BigDecimal, String, byte[], null, or a list again. Stateless and thread-safe.
 */
public final class NestedText {
    private NestedText() {}

    /** A value of any type as text; NULL for null. */
    public static String format(ColumnType type, @Nullable Object value) {
        StringBuilder text = new StringBuilder();
        append(type, value, text);
        return text.toString();
    }

    private static void append(ColumnType type, @Nullable Object value, StringBuilder text) {
        if (value == null) {
            text.append("NULL");
            return;
        }
        switch (type.kind()) {
            case ARRAY -> array(type.element(), (List<?>) value, text);
            case ROW -> row(type, (List<?>) value, text);
            case REAL -> text.append(NumberText.format(((Number) value).floatValue()));
            case DOUBLE -> text.append(NumberText.format(((Number) value).doubleValue()));
            case DECIMAL -> text.append(((BigDecimal) value).toPlainString());
            case VARBINARY -> text.append(ValueText.formatBinary((byte[]) value));
            case DATE -> text.append(TemporalText.formatDate(((Number) value).intValue()));
            case TIME -> text.append(TemporalText.formatTime((Long) value));
            case TIMESTAMP -> text.append(TemporalText.formatTimestamp((Long) value));
            case INTERVAL_DAY -> text.append(IntervalText.formatNanos((Long) value));
            case INTERVAL_MONTH -> text.append(IntervalText.formatMonths(((Number) value).intValue()));
            default -> text.append(value);
        }
    }

    private static void array(ColumnType element, List<?> values, StringBuilder text) {
        text.append('[');
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : ", ");
            append(element, values.get(i), text);
        }
        text.append(']');
    }

    private static void row(ColumnType type, List<?> values, StringBuilder text) {
        text.append('{');
        for (int i = 0; i < values.size(); i++) {
            NestedField field = type.fields().get(i);
            text.append(i == 0 ? "'" : ", '").append(field.name()).append("': ");
            append(field.type(), values.get(i), text);
        }
        text.append('}');
    }
}
