package io.zeptodb.engine.sql.schema;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.function.Overload;
import io.zeptodb.engine.function.Overloads;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables that the engine answers of itself. Those of {@code information_schema} and {@code zepto_functions()} follow from catalog and
 * registry; the rows of the others the engine gives at run time, by name, with the columns that are listed here.
 */
public final class SystemTables {
    /** {@code FROM zepto_tables()}: one row for each table and view. */
    public static final String TABLES = "zepto_tables";

    /** {@code FROM zepto_segments()}: one row for each segment. */
    public static final String SEGMENTS = "zepto_segments";

    /** {@code FROM zepto_queries()}: one row for each statement that runs now. */
    public static final String QUERIES = "zepto_queries";

    /** {@code FROM zepto_functions()}: one row for each function. */
    public static final String FUNCTIONS = "zepto_functions";

    public static final String FUNCTION_COLUMNS = "zepto_function_columns";

    /** {@code FROM zepto_columns()}: one row for each column of the tables, views and views of information_schema. */
    public static final String COLUMNS = "zepto_columns";

    /** {@code FROM zepto_keywords()}: one row for each word of the grammar. */
    public static final String KEYWORDS = "zepto_keywords";

    /** {@code FROM zepto_settings()}: one row for each option that SET changes. */
    public static final String SETTINGS = "zepto_settings";

    /** One row: whose session it is. */
    public static final String SESSION = "zepto_session";

    /** {@code FROM zepto_privileges()}: one row for each table or view and each thing that the session may do with its rows. */
    public static final String PRIVILEGES = "zepto_privileges";

    /** The column of {@link #SESSION}: empty for the session of nobody in particular. */
    public static final String USER_NAME = "user_name";

    /** Columns of the tables whose rows only the engine knows, by {@code SystemScan.name}. */
    public static final Map<String, List<PlanColumn>> DYNAMIC = Map.of(
            TABLES,
            List.of(
                    text("table_name", false),
                    number("table_id", false),
                    number("column_count", false),
                    text("timestamp_column", true),
                    text("key_column", true),
                    text("partition_by", true),
                    number("row_count", true),
                    number("partition_count", true),
                    number("segment_count", true),
                    text("ttl", true),
                    text("storage_policy", true),
                    text("dedup_keys", true),
                    text("attributes", true),
                    text("kind", false)),
            COLUMNS,
            List.of(
                    text("schema_name", false),
                    text("table_name", false),
                    text("kind", false),
                    text("column_name", false),
                    number("ordinal_position", false),
                    text("data_type", false),
                    new PlanColumn("nullable", ColumnType.BOOLEAN, false),
                    text("role", true),
                    text("attribute", true),
                    number("dedup_position", true)),
            SEGMENTS,
            List.of(
                    text("table_name", false),
                    text("partition_name", false),
                    number("segment_id", false),
                    text("state", false),
                    number("row_count", false),
                    new PlanColumn("min_time", ColumnType.TIMESTAMP_NS, true),
                    new PlanColumn("max_time", ColumnType.TIMESTAMP_NS, true),
                    new PlanColumn("time_ordered", ColumnType.BOOLEAN, false)),
            QUERIES,
            List.of(
                    number("query_id", false),
                    text("sql_text", false),
                    new PlanColumn("started", ColumnType.TIMESTAMP_NS, false),
                    number("elapsed_ns", false)),
            SESSION,
            List.of(text(USER_NAME, false)),
            PRIVILEGES,
            List.of(
                    text("schema_name", false),
                    text("table_name", false),
                    text("grantor", true),
                    text("grantee", false),
                    text("privilege", false),
                    text("is_grantable", false)),
            SETTINGS,
            List.of(text("setting_name", false), text("setting_value", false), text("description", false)));

    private SystemTables() {}

    /** The tables behind zepto_tables() and the like, by name. */
    static Map<String, SystemTable> functions(FunctionRegistry registry) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (FunctionDefinition function : registry.all()) {
            rows.add(row(
                    function.name(),
                    String.join(", ", function.aliases()),
                    kind(function),
                    function.section(),
                    function.signature(),
                    function.documentation(),
                    function.example()));
        }
        List<PlanColumn> columns = List.of(
                text("function_name", false),
                text("aliases", false),
                text("kind", false),
                text("section", false),
                text("signature", false),
                text("documentation", false),
                text("example", false));
        return Map.of(
                TABLES, dynamic(TABLES),
                SEGMENTS, dynamic(SEGMENTS),
                QUERIES, dynamic(QUERIES),
                SETTINGS, dynamic(SETTINGS),
                SESSION, dynamic(SESSION),
                PRIVILEGES, dynamic(PRIVILEGES),
                COLUMNS, dynamic(COLUMNS),
                KEYWORDS, keywords(),
                FUNCTIONS, new SystemTable(FUNCTIONS, columns, rows),
                FUNCTION_COLUMNS, functionColumns(registry));
    }

    private static SystemTable keywords() {
        List<PlanColumn> columns =
                List.of(text("keyword", false), new PlanColumn("reserved", ColumnType.BOOLEAN, false));
        return SystemTable.of(KEYWORDS, columns, () -> {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            Keywords.all().forEach(word -> rows.add(row(word, Keywords.isReserved(word))));
            return rows;
        });
    }

    /** A row for the result of each way to call a function, at position 0, and one for each parameter. Made only when it is read. */
    private static SystemTable functionColumns(FunctionRegistry registry) {
        List<PlanColumn> columns = List.of(
                text("function_name", false),
                text("kind", false),
                text("specific_name", false),
                number("ordinal_position", false),
                text("column_name", false),
                text("data_type", false));
        return SystemTable.of(FUNCTION_COLUMNS, columns, () -> {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (FunctionDefinition function : registry.all()) {
                for (Overload overload : Overloads.of(function)) {
                    String name = overload.specificName();
                    rows.add(row(function.name(), kind(function), name, 0L, "result", overload.result()));
                    for (int i = 0; i < overload.types().size(); i++) {
                        String type = overload.types().get(i);
                        long position = i + 1L;
                        rows.add(row(
                                function.name(),
                                kind(function),
                                name,
                                position,
                                overload.names().get(i),
                                type));
                    }
                }
            }
            return rows;
        });
    }

    private static String kind(FunctionDefinition function) {
        return function.isAggregate() ? "aggregate" : function.isWindow() ? "window" : "scalar";
    }

    private static SystemTable dynamic(String name) {
        return new SystemTable(name, DYNAMIC.getOrDefault(name, List.of()), null);
    }

    /** The views of information_schema, by name. */
    public static Map<String, SystemTable> informationSchema(Catalog catalog) {
        return Map.of(
                "schemata", schemata(),
                "tables", tables(catalog),
                "columns", columns(catalog),
                "views", views(catalog));
    }

    private static SystemTable schemata() {
        return new SystemTable(
                "information_schema.schemata",
                List.of(text("catalog_name", false), text("schema_name", false)),
                List.of(
                        row(CatalogReader.CATALOG, CatalogReader.INFORMATION_SCHEMA),
                        row(CatalogReader.CATALOG, CatalogReader.MAIN)));
    }

    private static SystemTable tables(Catalog catalog) {
        return SystemTable.of(
                "information_schema.tables",
                List.of(
                        text("table_catalog", false),
                        text("table_schema", false),
                        text("table_name", false),
                        text("table_type", false)),
                () -> {
                    List<List<@Nullable Object>> rows = new ArrayList<>();
                    for (TableMetadata table : catalog.tables()) {
                        rows.add(row(CatalogReader.CATALOG, CatalogReader.MAIN, table.name(), "BASE TABLE"));
                    }
                    for (ViewMetadata view : catalog.views()) {
                        String type = view.materialized() ? "MATERIALIZED VIEW" : "VIEW";
                        rows.add(row(CatalogReader.CATALOG, CatalogReader.MAIN, view.name(), type));
                    }
                    return rows;
                });
    }

    private static SystemTable columns(Catalog catalog) {
        return SystemTable.of(
                "information_schema.columns",
                List.of(
                        text("table_catalog", false),
                        text("table_schema", false),
                        text("table_name", false),
                        text("column_name", false),
                        number("ordinal_position", false),
                        text("column_default", true),
                        text("is_nullable", false),
                        text("data_type", false),
                        number("numeric_precision", true),
                        number("numeric_scale", true),
                        number("datetime_precision", true)),
                () -> {
                    List<List<@Nullable Object>> rows = new ArrayList<>();
                    for (TableMetadata table : catalog.tables()) {
                        addColumns(table.name(), table.schema().columns(), rows);
                    }
                    for (ViewMetadata view : catalog.views()) {
                        addColumns(view.name(), view.columns(), rows);
                    }
                    return rows;
                });
    }

    private static void addColumns(String relation, List<ColumnDefinition> columns, List<List<@Nullable Object>> rows) {
        long ordinal = 0;
        for (ColumnDefinition column : columns) {
            ColumnType type = column.type();
            boolean decimal = type.kind() == TypeKind.DECIMAL;
            boolean time = type.kind() == TypeKind.TIME || type.kind() == TypeKind.TIMESTAMP;
            rows.add(row(
                    CatalogReader.CATALOG,
                    CatalogReader.MAIN,
                    relation,
                    column.name(),
                    ++ordinal,
                    null,
                    column.nullable() ? "YES" : "NO",
                    type.toString(),
                    decimal ? (Long) (long) type.precision() : null,
                    decimal ? (Long) (long) type.scale() : null,
                    time ? (Long) (long) type.precision() : null));
        }
    }

    private static SystemTable views(Catalog catalog) {
        return SystemTable.of(
                "information_schema.views",
                List.of(
                        text("table_catalog", false),
                        text("table_schema", false),
                        text("table_name", false),
                        text("view_definition", false),
                        text("is_materialized", false)),
                () -> {
                    List<List<@Nullable Object>> rows = new ArrayList<>();
                    for (ViewMetadata view : catalog.views()) {
                        rows.add(row(
                                CatalogReader.CATALOG,
                                CatalogReader.MAIN,
                                view.name(),
                                view.definition().query(),
                                view.materialized() ? "YES" : "NO"));
                    }
                    return rows;
                });
    }

    private static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private static PlanColumn text(String name, boolean nullable) {
        return new PlanColumn(name, ColumnType.VARCHAR, nullable);
    }

    private static PlanColumn number(String name, boolean nullable) {
        return new PlanColumn(name, ColumnType.BIGINT, nullable);
    }
}
