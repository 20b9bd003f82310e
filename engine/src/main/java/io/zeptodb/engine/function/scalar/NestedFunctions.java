package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.NestedField;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.function.ScalarFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions of arrays and rows: the documentation's section "Nested values". */
public final class NestedFunctions {
    private static final String TITLE = "Nested values";

    private NestedFunctions() {}

    public static List<FunctionDefinition> definitions() {
        return new Section(TITLE, NestedFunctions::resolve)
                .add(
                        "array",
                        "ARRAY[a, b, …]",
                        "An array of values of one type.",
                        "SELECT ARRAY[1, NULL, 3]",
                        "[1, NULL, 3]")
                .add(
                        "row",
                        "ROW(a, b, …)",
                        "A row of values, whose fields are called f1, f2 and so on.",
                        "SELECT ROW(1, 'a'), (ROW(1, 'a')).f2",
                        "{'f1': 1, 'f2': a} a")
                .add(
                        "array_element",
                        "array[n]",
                        "The n-th element, from 1; NULL when there is none. Also array_element(array, n).",
                        "SELECT (ARRAY['a', 'b'])[2]",
                        "b",
                        "list_element")
                .add(
                        "cardinality",
                        "cardinality(array)",
                        "The number of elements, NULLs counted.",
                        "SELECT cardinality(ARRAY[1, NULL, 3])",
                        "3",
                        "array_length")
                .add(
                        "array_contains",
                        "array_contains(array, x)",
                        "Whether an element equals x.",
                        "SELECT array_contains(ARRAY[1, 2, 3], 2)",
                        "true",
                        "list_contains")
                .add(
                        "array_to_string",
                        "array_to_string(array, separator [, text for NULL])",
                        "The elements as text with a separator between them; NULLs are left out unless there is a text for them.",
                        "SELECT array_to_string(ARRAY[1, NULL, 3], '-')",
                        "1-3")
                .definitions();
    }

    private static @Nullable ScalarFunction resolve(Call call) {
        return switch (call.name()) {
            case "array" -> array(call);
            case "row" -> row(call);
            case "array_element" -> element(call);
            case "cardinality" ->
                isArray(call, 1)
                        ? call.total(ColumnType.INTEGER, NestedKernels.cardinality(call.type(0)), call.type(0))
                        : null;
            case "array_contains" -> contains(call);
            default -> toText(call);
        };
    }

    private static boolean isArray(Call call, int arguments) {
        return call.count() == arguments && call.kind(0) == TypeKind.ARRAY;
    }

    /** The caller has seen to it that all have one type, but for NULL. */
    private static @Nullable ScalarFunction array(Call call) {
        ColumnType element = call.types().stream()
                .filter(type -> type.kind() != TypeKind.NULL)
                .findFirst()
                .orElse(ColumnType.VARCHAR);
        ColumnType plain = element.kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : element;
        ColumnType result = ColumnType.array(plain);
        return call.function(
                result,
                NullRule.CALLED_ON_NULL,
                false,
                NestedKernels.make(result),
                call.types().stream().map(type -> plain).toArray(ColumnType[]::new));
    }

    private static @Nullable ScalarFunction row(Call call) {
        if (call.count() == 0) {
            return null;
        }
        List<NestedField> fields = new ArrayList<>();
        for (ColumnType type : call.types()) {
            boolean text = type.kind() == TypeKind.SYMBOL || type.kind() == TypeKind.NULL;
            fields.add(new NestedField("f" + (fields.size() + 1), text ? ColumnType.VARCHAR : type));
        }
        ColumnType result = ColumnType.row(fields);
        return call.function(
                result,
                NullRule.CALLED_ON_NULL,
                false,
                NestedKernels.make(result),
                fields.stream().map(NestedField::type).toArray(ColumnType[]::new));
    }

    private static @Nullable ScalarFunction element(Call call) {
        return isArray(call, 2)
                ? call.total(
                        call.type(0).element(), NestedKernels.element(call.type(0)), call.type(0), ColumnType.BIGINT)
                : null;
    }

    private static @Nullable ScalarFunction contains(Call call) {
        return isArray(call, 2)
                ? call.total(
                        ColumnType.BOOLEAN,
                        NestedKernels.contains(call.type(0)),
                        call.type(0),
                        call.type(0).element())
                : null;
    }

    private static @Nullable ScalarFunction toText(Call call) {
        if (isArray(call, 2)) {
            return call.total(
                    ColumnType.VARCHAR, NestedKernels.text(call.type(0), false), call.type(0), ColumnType.VARCHAR);
        }
        return isArray(call, 3)
                ? call.total(
                        ColumnType.VARCHAR,
                        NestedKernels.text(call.type(0), true),
                        call.type(0),
                        ColumnType.VARCHAR,
                        ColumnType.VARCHAR)
                : null;
    }

    /** The function that takes a field out of a ROW, from 0. */
    public static ScalarFunction field(ColumnType row, int index) {
        NestedField field = row.fields().get(index);
        return new ScalarFunction(
                "." + field.name(),
                List.of(row),
                field.type(),
                NullRule.STRICT,
                false,
                true,
                NestedKernels.field(row, index));
    }
}
