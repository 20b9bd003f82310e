package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.jdbc.value.JdbcTypes;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code DatabaseMetaData} about schemas, tables and columns, of one database as whoever asks sees it now, in the order that JDBC prescribes.
 *
 * @param <E> what an answer that does not come is
 */
public final class CatalogRows<E extends Exception> {
    static final String TABLE = "TABLE";
    private static final String MATERIALIZED_VIEW = "MATERIALIZED VIEW";
    private static final String SYSTEM_TABLE = "SYSTEM TABLE";
    private static final String VIEW = "VIEW";
    private static final String INFORMATION_SCHEMA = "information_schema";
    private static final int DECIMAL_RADIX = 10;

    private final CatalogQuestions<E> questions;

    public CatalogRows(CatalogQuestions<E> questions) {
        this.questions = questions;
    }

    static List<Object> catalogs() {
        return List.of(row(JdbcTypes.CATALOG));
    }

    static List<Object> tableTypes() {
        return List.of(row(MATERIALIZED_VIEW), row(SYSTEM_TABLE), row(TABLE), row(VIEW));
    }

    /** Rows in the shape of {@link MetadataShape#SCHEMAS}. */
    static List<Object> schemas(@Nullable String catalog, @Nullable String schemaPattern) {
        List<Object> rows = new ArrayList<>();
        LikePattern pattern = new LikePattern(schemaPattern);
        for (String schema : List.of(INFORMATION_SCHEMA, JdbcTypes.SCHEMA)) {
            if (LikePattern.isNamed(catalog, JdbcTypes.CATALOG) && pattern.matches(schema)) {
                rows.add(row(schema, JdbcTypes.CATALOG));
            }
        }
        return rows;
    }

    /** Rows in the shape of {@link MetadataShape#TABLES}. */
    public List<Object> tables(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String namePattern,
            @Nullable List<String> types)
            throws E {
        if (!LikePattern.isNamed(catalog, JdbcTypes.CATALOG)) {
            return List.of();
        }
        List<@Nullable Object[]> found = ask(
                "SELECT schema_name, table_name, kind FROM zepto_columns() WHERE ordinal_position = 1",
                schemaPattern,
                namePattern,
                null);
        List<Object> rows = new ArrayList<>(found.size());
        found.sort(Comparator.comparing((@Nullable Object[] relation) -> type(relation[2]))
                .thenComparing(relation -> text(relation[0]))
                .thenComparing(relation -> text(relation[1])));
        for (@Nullable Object[] relation : found) {
            String type = type(relation[2]);
            if (types == null || types.contains(type)) {
                rows.add(row(JdbcTypes.CATALOG, relation[0], relation[1], type, null, null, null, null, null, null));
            }
        }
        return rows;
    }

    /** The rows of a question about zepto_columns() whose names match; of patterns that every name matches it says nothing. */
    private List<@Nullable Object[]> ask(
            String question,
            @Nullable String schemaPattern,
            @Nullable String tablePattern,
            @Nullable String columnPattern)
            throws E {
        StringBuilder sql = new StringBuilder(question);
        List<Object> patterns = new ArrayList<>();
        String[] names = {"schema_name", "table_name", "column_name"};
        String[] wanted = {LikePattern.of(schemaPattern), LikePattern.of(tablePattern), LikePattern.of(columnPattern)};
        for (int i = 0; i < names.length; i++) {
            if (!wanted[i].equals("%")) {
                sql.append(" AND ").append(names[i]).append(LikePattern.MATCHES);
                patterns.add(wanted[i]);
            }
        }
        return questions.ask(sql.toString(), patterns.toArray());
    }

    /** JDBC's name of a kind of zepto_columns(). */
    private static String type(@Nullable Object kind) {
        return text(kind).toUpperCase(Locale.ROOT);
    }

    static String text(@Nullable Object value) {
        return (String) Objects.requireNonNull(value, "the engine gave no name");
    }

    /** Rows in the shape of {@link MetadataShape#COLUMNS}. */
    public List<Object> columns(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String tablePattern,
            @Nullable String columnPattern)
            throws E {
        if (!LikePattern.isNamed(catalog, JdbcTypes.CATALOG)) {
            return List.of();
        }
        List<@Nullable Object[]> found = ask(
                "SELECT schema_name, table_name, column_name, ordinal_position, data_type, nullable FROM zepto_columns()"
                        + " WHERE ordinal_position > 0",
                schemaPattern,
                tablePattern,
                columnPattern);
        // columns of one table come in their order
        found.sort(Comparator.comparing((@Nullable Object[] column) -> text(column[0]))
                .thenComparing(column -> text(column[1])));
        Map<String, ColumnType> types = new HashMap<>();
        List<Object> rows = new ArrayList<>(found.size());
        for (@Nullable Object[] column : found) {
            ColumnType type = types.computeIfAbsent(text(column[4]), JdbcTypes::columnType);
            rows.add(column(column, type, Boolean.TRUE.equals(column[5])));
        }
        return rows;
    }

    private static Object column(@Nullable Object[] column, ColumnType type, boolean nullable) {
        return row(
                JdbcTypes.CATALOG,
                column[0],
                column[1],
                column[2],
                JdbcTypes.sqlType(type),
                JdbcTypes.typeName(type),
                JdbcTypes.precision(type),
                null,
                scale(type),
                type.kind().isNumeric() ? DECIMAL_RADIX : null,
                nullable ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
                null,
                null,
                null,
                null,
                type.kind().isView() || type.kind().isText() ? JdbcTypes.precision(type) : null,
                ((Number) Objects.requireNonNull(column[3])).intValue(),
                nullable ? "YES" : "NO",
                null,
                null,
                null,
                null,
                "NO",
                "NO");
    }

    /** Digits behind the point, of seconds too; null where there can be none. */
    static @Nullable Integer scale(ColumnType type) {
        TypeKind kind = type.kind();
        boolean hasScale =
                kind.isInteger() || kind == TypeKind.DECIMAL || kind == TypeKind.TIME || kind == TypeKind.TIMESTAMP;
        return hasScale ? JdbcTypes.scale(type) : null;
    }

    /** The types that a column can have, in the order of their JDBC numbers. */
    static List<Object> typeInfo() {
        List<ColumnType> types = new ArrayList<>(List.of(
                ColumnType.TINYINT,
                ColumnType.BIGINT,
                ColumnType.VARBINARY,
                ColumnType.decimal(ColumnType.MAX_DECIMAL_PRECISION, 0),
                ColumnType.INTEGER,
                ColumnType.SMALLINT,
                ColumnType.REAL,
                ColumnType.DOUBLE,
                ColumnType.VARCHAR,
                ColumnType.SYMBOL,
                ColumnType.BOOLEAN,
                ColumnType.DATE,
                ColumnType.TIME,
                ColumnType.TIMESTAMP_NS));
        types.sort(Comparator.comparingInt(JdbcTypes::sqlType));
        return types.stream().map(CatalogRows::typeInfo).toList();
    }

    private static Object typeInfo(ColumnType type) {
        TypeKind kind = type.kind();
        boolean quoted = kind.isText() || kind == TypeKind.DATE || kind == TypeKind.TIME || kind == TypeKind.TIMESTAMP;
        boolean temporal = kind == TypeKind.TIME || kind == TypeKind.TIMESTAMP;
        int mostScale = kind == TypeKind.DECIMAL ? ColumnType.MAX_DECIMAL_PRECISION : JdbcTypes.scale(type);
        boolean binary = kind == TypeKind.VARBINARY;
        return row(
                kind.name(),
                JdbcTypes.sqlType(type),
                JdbcTypes.precision(type),
                quoted ? (kind.isText() ? "'" : kind + " '") : binary ? "X'" : null,
                quoted || binary ? "'" : null,
                kind == TypeKind.DECIMAL ? "precision,scale" : temporal ? "precision" : null,
                DatabaseMetaData.typeNullable,
                kind.isText(),
                (kind.isText() ? DatabaseMetaData.typeSearchable : DatabaseMetaData.typePredBasic),
                !kind.isNumeric(),
                false,
                false,
                kind.name(),
                0,
                mostScale,
                null,
                null,
                kind.isNumeric() ? DECIMAL_RADIX : null);
    }

    static Object row(@Nullable Object... values) {
        return Arrays.asList(values);
    }
}
