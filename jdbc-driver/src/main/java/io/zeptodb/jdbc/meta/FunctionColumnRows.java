package io.zeptodb.jdbc.meta;

import static io.zeptodb.jdbc.meta.CatalogRows.text;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.jdbc.value.JdbcTypes;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code DatabaseMetaData.getFunctionColumns}: what {@code zepto_function_columns()} says, for each name of a function. Asked in SQL, as
 * {@link FunctionRows}.
 */
public final class FunctionColumnRows {
    private static final String QUESTION = """
            SELECT c.function_name, f.aliases, c.specific_name, c.ordinal_position, c.column_name, c.data_type
            FROM zepto_function_columns() c JOIN zepto_functions() f ON c.function_name = f.function_name AND c.kind = f.kind""";

    /** A parameter of any type, and the result of that type. */
    private static final String ANY = "ANY";

    private static final int DECIMAL_RADIX = 10;

    private FunctionColumnRows() {}

    private record Column(String function, String specificName, int position, String name, String type) {}

    /** Rows in the shape of {@link MetadataShape#FUNCTION_COLUMNS}, by name and specific name, the result before the parameters. */
    public static <E extends Exception> List<Object> of(
            CatalogQuestions<E> questions,
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String functionPattern,
            @Nullable String columnPattern)
            throws E {
        List<Object> rows = new ArrayList<>();
        if (!FunctionRows.isInSchema(catalog, schemaPattern)) {
            return rows;
        }
        LikePattern functions = new LikePattern(functionPattern);
        LikePattern columns = new LikePattern(columnPattern);
        List<Column> found = new ArrayList<>();
        for (@Nullable Object[] row : questions.ask(QUESTION)) {
            int position = ((Number) Objects.requireNonNull(row[3])).intValue();
            for (String name : FunctionRows.names(text(row[0]), text(row[1]))) {
                Column column = new Column(name, text(row[2]), position, text(row[4]), text(row[5]));
                if (functions.matches(name) && columns.matches(column.name())) {
                    found.add(column);
                }
            }
        }
        found.sort(Comparator.comparing((Column column) -> column.function().toLowerCase(Locale.ROOT))
                .thenComparing(Column::specificName)
                .thenComparing(Column::position));
        found.forEach(column -> rows.add(row(column)));
        return rows;
    }

    private static Object row(Column column) {
        if (ANY.equals(column.type())) {
            return row(column, Types.OTHER, ANY, null, null, null, null);
        }
        ColumnType type = JdbcTypes.columnType(column.type());
        TypeKind kind = type.kind();
        // a DECIMAL has the digits of what it is called with
        boolean sized = kind != TypeKind.DECIMAL;
        boolean hasScale = kind.isInteger() || kind == TypeKind.TIME || kind == TypeKind.TIMESTAMP;
        return row(
                column,
                JdbcTypes.sqlType(type),
                JdbcTypes.typeName(type),
                sized ? JdbcTypes.precision(type) : null,
                hasScale ? JdbcTypes.scale(type) : null,
                kind.isNumeric() ? DECIMAL_RADIX : null,
                kind.isView() || kind.isText() ? JdbcTypes.precision(type) : null);
    }

    private static Object row(
            Column column,
            int sqlType,
            String typeName,
            @Nullable Integer precision,
            @Nullable Integer scale,
            @Nullable Integer radix,
            @Nullable Integer octets) {
        int use = column.position() == 0 ? DatabaseMetaData.functionReturn : DatabaseMetaData.functionColumnIn;
        return Arrays.asList(
                JdbcTypes.CATALOG,
                JdbcTypes.SCHEMA,
                column.function(),
                column.name(),
                use,
                sqlType,
                typeName,
                precision,
                null,
                scale,
                radix,
                DatabaseMetaData.functionNullable,
                null,
                octets,
                column.position(),
                "YES",
                column.specificName());
    }
}
