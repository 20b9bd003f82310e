package io.zeptodb.jdbc.meta;

import static io.zeptodb.jdbc.meta.CatalogRows.text;

import io.zeptodb.jdbc.value.JdbcTypes;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code DatabaseMetaData.getFunctions}: what {@code zepto_functions()} says, a row for each name of a function and each list of types
 * that it takes. Asked in SQL, because Avatica's protocol has no question for them, so that a server answers as the process does.
 */
public final class FunctionRows {
    private static final String QUESTION = """
            SELECT f.function_name, f.aliases, f.signature, f.documentation, c.specific_name
            FROM zepto_functions() f LEFT JOIN zepto_function_columns() c
              ON f.function_name = c.function_name AND f.kind = c.kind AND c.ordinal_position = 0""";

    private FunctionRows() {}

    private record Function(String name, String remarks, String specificName) {}

    /** Rows in the shape of {@link MetadataShape#FUNCTIONS}, in the order of their names, then of their specific names. */
    public static <E extends Exception> List<Object> of(
            CatalogQuestions<E> questions,
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String namePattern)
            throws E {
        List<Object> rows = new ArrayList<>();
        if (!isInSchema(catalog, schemaPattern)) {
            return rows;
        }
        LikePattern pattern = new LikePattern(namePattern);
        List<Function> found = new ArrayList<>();
        for (@Nullable Object[] function : questions.ask(QUESTION)) {
            String remarks = text(function[2]) + ": " + text(function[3]);
            String specificName = text(function[4] == null ? function[0] : function[4]);
            for (String name : names(text(function[0]), text(function[1]))) {
                if (pattern.matches(name)) {
                    found.add(new Function(name, remarks, specificName));
                }
            }
        }
        found.sort(Comparator.comparing((Function function) -> function.name().toLowerCase(Locale.ROOT))
                .thenComparing(Function::specificName));
        for (Function function : found) {
            rows.add(Arrays.asList(
                    JdbcTypes.CATALOG,
                    JdbcTypes.SCHEMA,
                    function.name(),
                    function.remarks(),
                    DatabaseMetaData.functionNoTable,
                    function.specificName()));
        }
        return rows;
    }

    /** Whether functions are where a question looks. */
    static boolean isInSchema(@Nullable String catalog, @Nullable String schemaPattern) {
        return LikePattern.isNamed(catalog, JdbcTypes.CATALOG)
                && new LikePattern(schemaPattern).matches(JdbcTypes.SCHEMA);
    }

    /** A function's name and its aliases, which {@code zepto_functions()} separates by commas. */
    static List<String> names(String name, String aliases) {
        List<String> names = new ArrayList<>(List.of(name));
        for (String alias : aliases.split(", ")) {
            if (!alias.isEmpty()) {
                names.add(alias);
            }
        }
        return names;
    }
}
