package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.api.ViewDefinition;
import io.zeptodb.jdbc.value.JdbcTypes;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of {@code DatabaseMetaData}, of one database as it is now, in the order that JDBC prescribes. */
final class CatalogRows {
    private static final String MATERIALIZED_VIEW = "MATERIALIZED VIEW";
    private static final String TABLE = "TABLE";
    private static final String VIEW = "VIEW";
    private static final String INFORMATION_SCHEMA = "information_schema";
    private static final int DECIMAL_RADIX = 10;
    private static final short TYPE_PREDICATES_BASIC = DatabaseMetaData.typePredBasic;

    private final Database database;

    CatalogRows(Database database) {
        this.database = database;
    }

    static List<Object> catalogs() {
        return List.of(row(JdbcTypes.CATALOG));
    }

    static List<Object> tableTypes() {
        return List.of(row(MATERIALIZED_VIEW), row(TABLE), row(VIEW));
    }

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

    List<Object> tables(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String namePattern,
            @Nullable List<String> types) {
        return matching(catalog, schemaPattern, namePattern).stream()
                .filter(relation -> types == null || types.contains(relation.type()))
                .sorted(Comparator.comparing(Relation::type).thenComparing(Relation::name))
                .map(relation -> row(
                        JdbcTypes.CATALOG,
                        JdbcTypes.SCHEMA,
                        relation.name(),
                        relation.type(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null))
                .toList();
    }

    /** A table or view. */
    private record Relation(String name, String type, List<ColumnDefinition> columns) {
        static Relation of(TableSchema table) {
            return new Relation(table.name(), TABLE, table.columns());
        }

        static Relation of(ViewDefinition view) {
            return new Relation(view.name(), view.materialized() ? MATERIALIZED_VIEW : VIEW, view.columns());
        }
    }

    /** In the order of their names. */
    private List<Relation> matching(
            @Nullable String catalog, @Nullable String schemaPattern, @Nullable String namePattern) {
        if (!LikePattern.isNamed(catalog, JdbcTypes.CATALOG)
                || !new LikePattern(schemaPattern).matches(JdbcTypes.SCHEMA)) {
            return List.of();
        }
        LikePattern pattern = new LikePattern(namePattern);
        return Stream.concat(
                        database.tables().stream().map(Relation::of),
                        database.views().stream().map(Relation::of))
                .filter(relation -> pattern.matches(relation.name()))
                .sorted(Comparator.comparing(Relation::name))
                .toList();
    }

    List<Object> columns(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String tablePattern,
            @Nullable String columnPattern) {
        List<Object> rows = new ArrayList<>();
        LikePattern pattern = new LikePattern(columnPattern);
        for (Relation table : matching(catalog, schemaPattern, tablePattern)) {
            for (int i = 0; i < table.columns().size(); i++) {
                if (pattern.matches(table.columns().get(i).name())) {
                    rows.add(column(table, i));
                }
            }
        }
        return rows;
    }

    private static Object column(Relation table, int ordinal) {
        ColumnDefinition column = table.columns().get(ordinal);
        ColumnType type = column.type();
        TypeKind kind = type.kind();
        boolean hasScale =
                kind.isInteger() || kind == TypeKind.DECIMAL || kind == TypeKind.TIME || kind == TypeKind.TIMESTAMP;
        return row(
                JdbcTypes.CATALOG,
                JdbcTypes.SCHEMA,
                table.name(),
                column.name(),
                JdbcTypes.sqlType(type),
                JdbcTypes.typeName(type),
                JdbcTypes.precision(type),
                null,
                hasScale ? JdbcTypes.scale(type) : null,
                kind.isNumeric() ? DECIMAL_RADIX : null,
                column.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
                null,
                null,
                null,
                null,
                kind.isView() || kind.isText() ? JdbcTypes.precision(type) : null,
                ordinal + 1,
                column.nullable() ? "YES" : "NO",
                null,
                null,
                null,
                null,
                "NO",
                "NO");
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
        return row(
                kind.name(),
                JdbcTypes.sqlType(type),
                JdbcTypes.precision(type),
                quoted ? (kind.isText() ? "'" : kind + " '") : null,
                quoted ? "'" : null,
                kind == TypeKind.DECIMAL ? "precision,scale" : temporal ? "precision" : null,
                (short) DatabaseMetaData.typeNullable,
                kind.isText(),
                (short) (kind == TypeKind.VARBINARY ? TYPE_PREDICATES_BASIC : DatabaseMetaData.typeSearchable),
                !kind.isNumeric(),
                false,
                false,
                kind.name(),
                (short) 0,
                (short) mostScale,
                null,
                null,
                kind.isNumeric() ? DECIMAL_RADIX : null);
    }

    private static Object row(@Nullable Object... values) {
        return Arrays.asList(values);
    }
}
