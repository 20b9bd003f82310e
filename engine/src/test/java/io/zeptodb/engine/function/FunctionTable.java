package io.zeptodb.engine.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.IntervalText;
import io.zeptodb.engine.api.TemporalText;
import io.zeptodb.engine.batch.ColumnVector;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * Function calls as lines of text: {@code name arg ; arg ; … = result}, where an argument is {@code 'text'}, {@code 5} (BIGINT), {@code 5i}
 * (INTEGER), {@code 5s}, {@code 5t}, {@code 1.5} (DOUBLE), {@code 1.5f} (REAL), {@code 1.50m} (DECIMAL), {@code ts:…}, {@code date:…}, {@code time:…},
 * {@code day:…} and {@code month:…} (intervals), {@code hex:…}, {@code true}, {@code null} or {@code null:TYPE}; the result is the value's text,
 * NULL, or an SQLSTATE behind an exclamation mark. Each line is run as columns, as constants, and with a selection among NULL rows.
 */
final class FunctionTable {
    private FunctionTable() {}

    static Stream<DynamicTest> tests(String lines) {
        return lines.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> DynamicTest.dynamicTest(line, () -> run(line)));
    }

    private record Value(ColumnType type, @Nullable Object value) {}

    private static void run(String line) {
        int equals = line.lastIndexOf(" = ");
        String call = line.substring(0, equals);
        String expected = line.substring(equals + 3).strip();
        int blank = call.indexOf(' ');
        String name = blank < 0 ? call : call.substring(0, blank);
        List<Value> values = new ArrayList<>();
        if (blank >= 0) {
            for (String token : call.substring(blank).split(" ; ")) {
                values.add(value(token.strip()));
            }
        }
        try (Columns columns = new Columns()) {
            List<ColumnType> types = values.stream().map(Value::type).toList();
            if (expected.equals("!42883")) {
                assertThat(catchThrowable(() -> FunctionRegistry.standard().scalar(name, types)))
                        .isInstanceOf(EngineException.class)
                        .hasMessageContaining(name);
                return;
            }
            ScalarFunction function = FunctionRegistry.standard().scalar(name, types);
            String text = unquote(expected);
            assertThat(results(columns, function, null, 1, columns(columns, values, false)))
                    .containsExactly(text);
            assertThat(results(columns, function, null, 1, constants(columns, values)))
                    .containsExactly(text);
            boolean strict = function.nullRule() == NullRule.STRICT && !values.isEmpty();
            List<String> three = strict ? Arrays.asList(text, "NULL", text) : null;
            ColumnVector[] among = columns(columns, values, true);
            List<String> all = results(columns, function, null, 3, among);
            if (three != null && !text.startsWith("!")) {
                assertThat(all).isEqualTo(three);
            }
            assertThat(results(columns, function, new int[] {2}, 3, among)).containsExactly(text);
            assertThat(results(columns, function, new int[] {2}, 3, mixed(columns, values)))
                    .containsExactly(text);
        }
    }

    private static String unquote(String text) {
        return text.startsWith("'") ? text.substring(1, text.length() - 1) : text;
    }

    private static ColumnVector[] columns(Columns columns, List<Value> values, boolean amongNulls) {
        return values.stream()
                .map(v -> amongNulls
                        ? columns.of(v.type(), v.value(), null, v.value())
                        : columns.of(v.type(), new Object[] {v.value()}))
                .toArray(ColumnVector[]::new);
    }

    private static ColumnVector[] constants(Columns columns, List<Value> values) {
        return values.stream().map(v -> columns.constant(v.type(), v.value())).toArray(ColumnVector[]::new);
    }

    /** Every other argument constant. */
    private static ColumnVector[] mixed(Columns columns, List<Value> values) {
        ColumnVector[] vectors = columns(columns, values, true);
        for (int i = 1; i < vectors.length; i += 2) {
            vectors[i] = columns.constant(values.get(i).type(), values.get(i).value());
        }
        return vectors;
    }

    private static List<String> results(
            Columns columns, ScalarFunction function, int @Nullable [] selected, int rows, ColumnVector[] arguments) {
        List<@Nullable Object> values;
        try {
            values = columns.call(function, selected, rows, arguments);
        } catch (EngineException e) {
            return List.of("!" + e.sqlState());
        }
        List<String> texts = new ArrayList<>();
        ColumnVector vector = columns.of(function.result(), values.toArray());
        ScalarFunction cast = Casts.find(function.result(), ColumnType.VARCHAR, false);
        for (Object text : columns.call(cast, null, values.size(), vector)) {
            texts.add(text == null ? "NULL" : (String) text);
        }
        return texts;
    }

    private static Value value(String token) {
        if (token.startsWith("'")) {
            return new Value(ColumnType.VARCHAR, unquote(token));
        }
        int colon = token.indexOf(':');
        if (colon > 0) {
            return prefixed(token.substring(0, colon), token.substring(colon + 1));
        }
        return switch (token) {
            case "null" -> new Value(ColumnType.NULL, null);
            case "true", "false" -> new Value(ColumnType.BOOLEAN, Boolean.valueOf(token));
            case "NaN", "Infinity", "-Infinity" -> new Value(ColumnType.DOUBLE, Double.valueOf(token));
            default -> number(token);
        };
    }

    private static Value prefixed(String prefix, String text) {
        return switch (prefix) {
            case "ts" -> new Value(ColumnType.TIMESTAMP_NS, TemporalText.parseTimestamp(text));
            case "ts3" -> new Value(ColumnType.timestamp(3), TemporalText.parseTimestamp(text));
            case "date" -> new Value(ColumnType.DATE, TemporalText.parseDate(text));
            case "time" -> new Value(ColumnType.TIME, TemporalText.parseTime(text));
            case "day" -> new Value(ColumnType.INTERVAL_DAY, IntervalText.parseNanos(text));
            case "month" -> new Value(ColumnType.INTERVAL_MONTH, IntervalText.parseMonths(text));
            case "hex" ->
                new Value(ColumnType.VARBINARY, java.util.HexFormat.of().parseHex(text));
            default -> new Value(type(text), null);
        };
    }

    private static ColumnType type(String name) {
        return switch (name) {
            case "VARCHAR" -> ColumnType.VARCHAR;
            case "BIGINT" -> ColumnType.BIGINT;
            case "DOUBLE" -> ColumnType.DOUBLE;
            case "TIMESTAMP" -> ColumnType.TIMESTAMP_NS;
            default -> throw new IllegalArgumentException("no type " + name);
        };
    }

    private static Value number(String token) {
        String digits = token.substring(0, token.length() - 1);
        return switch (token.charAt(token.length() - 1)) {
            case 'i' -> new Value(ColumnType.INTEGER, Long.valueOf(digits));
            case 's' -> new Value(ColumnType.SMALLINT, Long.valueOf(digits));
            case 't' -> new Value(ColumnType.TINYINT, Long.valueOf(digits));
            case 'f' -> new Value(ColumnType.REAL, Double.valueOf(digits));
            case 'm' -> {
                BigDecimal value = new BigDecimal(digits);
                yield new Value(
                        ColumnType.decimal(Math.max(value.precision(), value.scale() + 1), value.scale()), value);
            }
            default ->
                token.contains(".") || token.contains("e")
                        ? new Value(ColumnType.DOUBLE, Double.valueOf(token))
                        : new Value(ColumnType.BIGINT, Long.valueOf(token));
        };
    }
}
