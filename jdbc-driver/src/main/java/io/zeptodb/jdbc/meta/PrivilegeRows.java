package io.zeptodb.jdbc.meta;

import static io.zeptodb.jdbc.meta.CatalogRows.row;
import static io.zeptodb.jdbc.meta.CatalogRows.text;

import io.zeptodb.jdbc.value.JdbcTypes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code DatabaseMetaData} about privileges: those of whoever asks, for rights of others are the administrator's matter and told by the server's
 * file of users. In the order that JDBC prescribes.
 *
 * @param <E> what an answer that does not come is
 */
public final class PrivilegeRows<E extends Exception> {
    private static final String OF_TABLES =
            "SELECT schema_name, table_name, grantor, grantee, privilege, is_grantable FROM zepto_privileges()"
                    + " WHERE schema_name" + LikePattern.MATCHES + " AND table_name" + LikePattern.MATCHES;

    private final CatalogQuestions<E> questions;

    public PrivilegeRows(CatalogQuestions<E> questions) {
        this.questions = questions;
    }

    /** Rows in the shape of {@link MetadataShape#TABLE_PRIVILEGES}. */
    public List<Object> ofTables(
            @Nullable String catalog, @Nullable String schemaPattern, @Nullable String tablePattern) throws E {
        List<Object> rows = new ArrayList<>();
        for (@Nullable Object[] held : held(catalog, LikePattern.of(schemaPattern), LikePattern.of(tablePattern))) {
            rows.add(row(JdbcTypes.CATALOG, held[0], held[1], held[2], held[3], held[4], held[5]));
        }
        return rows;
    }

    private List<@Nullable Object[]> held(@Nullable String catalog, String schemas, String tables) throws E {
        if (!LikePattern.isNamed(catalog, JdbcTypes.CATALOG)) {
            return List.of();
        }
        List<@Nullable Object[]> held = questions.ask(OF_TABLES, schemas, tables);
        held.sort(Comparator.comparing((@Nullable Object[] row) -> text(row[0]))
                .thenComparing(row -> text(row[1]))
                .thenComparing(row -> text(row[4])));
        return held;
    }

    /**
     * Rows in the shape of {@link MetadataShape#COLUMN_PRIVILEGES}, of one table or view. Whoever may do something with it may do so with each of its
     * columns; DELETE is of whole rows, and no privilege of a column.
     */
    public List<Object> ofColumns(
            @Nullable String catalog, @Nullable String schema, @Nullable String table, @Nullable String columnPattern)
            throws E {
        List<Object> rows = new ArrayList<>();
        String schemas = LikePattern.literalOrAny(schema);
        String tables = LikePattern.literal(table);
        List<@Nullable Object[]> held = held(catalog, schemas, tables);
        if (held.isEmpty()) {
            return rows;
        }
        List<@Nullable Object[]> columns = questions.ask(
                "SELECT schema_name, column_name FROM zepto_columns() WHERE schema_name" + LikePattern.MATCHES
                        + " AND table_name" + LikePattern.MATCHES + " AND column_name" + LikePattern.MATCHES,
                schemas,
                tables,
                LikePattern.of(columnPattern));
        columns.sort(Comparator.comparing((@Nullable Object[] column) -> text(column[1]))
                .thenComparing(column -> text(column[0])));
        for (@Nullable Object[] column : columns) {
            for (@Nullable Object[] of : held) {
                // main and information_schema may have tables of the same name
                if (text(of[0]).equals(text(column[0])) && !text(of[4]).equals("DELETE")) {
                    rows.add(row(JdbcTypes.CATALOG, of[0], of[1], column[1], of[2], of[3], of[4], of[5]));
                }
            }
        }
        return rows;
    }
}
