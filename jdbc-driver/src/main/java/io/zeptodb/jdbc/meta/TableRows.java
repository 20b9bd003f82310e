package io.zeptodb.jdbc.meta;

import static io.zeptodb.jdbc.meta.CatalogRows.row;
import static io.zeptodb.jdbc.meta.CatalogRows.text;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.jdbc.value.JdbcTypes;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code DatabaseMetaData} about one table: how its rows are found, and what tells them apart. Names are no patterns here.
 *
 * @param <E> what an answer that does not come is
 */
public final class TableRows<E extends Exception> {
    private final CatalogQuestions<E> questions;

    public TableRows(CatalogQuestions<E> questions) {
        this.questions = questions;
    }

    /** A column of the table that is asked about. */
    private record Column(
            String schema,
            String table,
            String name,
            ColumnType type,
            boolean nullable,
            @Nullable String role,
            @Nullable String attribute,
            int dedupPosition) {}

    /** Its columns, in their order; none when there is no such table. */
    private List<Column> columns(@Nullable String catalog, @Nullable String schema, @Nullable String table) throws E {
        List<Column> columns = new ArrayList<>();
        if (!LikePattern.isNamed(catalog, JdbcTypes.CATALOG)) {
            return columns;
        }
        for (@Nullable
        Object[] column : questions.ask(
                "SELECT schema_name, table_name, column_name, data_type, nullable, role, attribute, dedup_position"
                        + " FROM zepto_columns() WHERE kind = 'table' AND schema_name" + LikePattern.MATCHES
                        + " AND table_name" + LikePattern.MATCHES,
                LikePattern.literalOrAny(schema),
                LikePattern.literal(table))) {
            columns.add(new Column(
                    text(column[0]),
                    text(column[1]),
                    text(column[2]),
                    JdbcTypes.columnType(text(column[3])),
                    Boolean.TRUE.equals(column[4]),
                    (String) column[5],
                    (String) column[6],
                    column[7] == null ? 0 : ((Number) column[7]).intValue()));
        }
        return columns;
    }

    private static List<Column> dedupKeys(List<Column> columns) {
        return columns.stream()
                .filter(column -> column.dedupPosition() > 0)
                .sorted(Comparator.comparingInt(Column::dedupPosition))
                .toList();
    }

    /**
     * Rows in the shape of {@link MetadataShape#INDEX_INFO}: the count of rows, the dedup keys, which are unique, the order in which rows lie, by
     * partition key and time, and the columns that have an attribute.
     */
    public List<Object> indexes(
            @Nullable String catalog, @Nullable String schema, @Nullable String table, boolean unique) throws E {
        List<Column> columns = columns(catalog, schema, table);
        List<Object> rows = new ArrayList<>();
        if (columns.isEmpty()) {
            return rows;
        }
        Column first = columns.get(0);
        List<@Nullable Object[]> counts =
                questions.ask("SELECT row_count FROM zepto_tables() WHERE table_name = ?", first.table());
        Long count = counts.isEmpty() ? null : (Long) counts.get(0)[0];
        rows.add(row(
                JdbcTypes.CATALOG,
                first.schema(),
                first.table(),
                false,
                null,
                null,
                DatabaseMetaData.tableIndexStatistic,
                0,
                null,
                null,
                count == null ? 0L : count,
                null,
                null));
        add(dedupKeys(columns), "dedup_keys", false, DatabaseMetaData.tableIndexOther, null, rows);
        if (unique) {
            return rows;
        }
        List<Column> order = new ArrayList<>(
                columns.stream().filter(column -> "key".equals(column.role())).toList());
        columns.stream().filter(column -> "timestamp".equals(column.role())).forEach(order::add);
        add(order, "order", true, DatabaseMetaData.tableIndexClustered, "A", rows);
        List<Column> hashed = new ArrayList<>();
        List<Column> sorted = new ArrayList<>();
        for (Column column : columns) {
            if (column.attribute() != null) {
                (column.attribute().equals("SORTED") ? sorted : hashed).add(column);
            }
        }
        addAttributes(hashed, DatabaseMetaData.tableIndexHashed, null, rows);
        addAttributes(sorted, DatabaseMetaData.tableIndexOther, "A", rows);
        return rows;
    }

    private static void addAttributes(List<Column> columns, short type, @Nullable String order, List<Object> rows) {
        columns.stream()
                .sorted(Comparator.comparing(TableRows::attributeName))
                .forEach(column -> add(List.of(column), attributeName(column), true, type, order, rows));
    }

    private static String attributeName(Column column) {
        return column.name() + "_" + Objects.requireNonNull(column.attribute()).toLowerCase(Locale.ROOT);
    }

    private static void add(
            List<Column> columns,
            String name,
            boolean nonUnique,
            short type,
            @Nullable String order,
            List<Object> rows) {
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            rows.add(row(
                    JdbcTypes.CATALOG,
                    column.schema(),
                    column.table(),
                    nonUnique,
                    null,
                    column.table() + "_" + name,
                    type,
                    (i + 1),
                    column.name(),
                    order,
                    0L,
                    null,
                    null));
        }
    }

    /** Rows in the shape of {@link MetadataShape#BEST_ROW_IDENTIFIER}: the dedup keys; without them nothing tells two rows apart. */
    public List<Object> bestRowIdentifier(
            @Nullable String catalog, @Nullable String schema, @Nullable String table, boolean nullable) throws E {
        List<Column> keys = dedupKeys(columns(catalog, schema, table));
        if (!nullable && keys.stream().anyMatch(Column::nullable)) {
            return List.of();
        }
        return keys.stream()
                .map(column -> row(
                        DatabaseMetaData.bestRowSession,
                        column.name(),
                        JdbcTypes.sqlType(column.type()),
                        JdbcTypes.typeName(column.type()),
                        JdbcTypes.precision(column.type()),
                        null,
                        CatalogRows.scale(column.type()),
                        DatabaseMetaData.bestRowNotPseudo))
                .toList();
    }
}
