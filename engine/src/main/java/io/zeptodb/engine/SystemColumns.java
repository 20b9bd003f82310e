package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.sql.schema.CatalogReader;
import io.zeptodb.engine.sql.schema.SystemTables;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows of zepto_columns(), made for one statement: by schema, table or view, and position. */
final class SystemColumns {
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    private SystemColumns() {}

    static List<@Nullable Object[]> of(Catalog catalog) {
        SystemColumns columns = new SystemColumns();
        new TreeMap<>(SystemTables.informationSchema(catalog))
                .forEach((name, table) -> columns.addSystemTable(name, table.columns()));
        catalog.tables().forEach(columns::addTable);
        catalog.views().forEach(columns::addView);
        return columns.rows;
    }

    private void addSystemTable(String name, List<PlanColumn> columns) {
        for (int i = 0; i < columns.size(); i++) {
            PlanColumn column = columns.get(i);
            rows.add(new @Nullable Object[] {
                CatalogReader.INFORMATION_SCHEMA,
                name,
                "system table",
                column.name(),
                i + 1L,
                column.type().toString(),
                column.nullable(),
                null,
                null,
                null
            });
        }
    }

    private void addTable(TableMetadata table) {
        TableSchema schema = table.schema();
        for (int i = 0; i < schema.columns().size(); i++) {
            String role = i == schema.timestampOrdinal() ? "timestamp" : i == schema.keyOrdinal() ? "key" : null;
            ColumnAttribute attribute = schema.columns().get(i).attribute();
            int dedup = schema.dedupKeys().indexOf(i);
            add(table.name(), "table", schema.columns().get(i), i, new @Nullable Object[] {
                role, attribute == ColumnAttribute.NONE ? null : attribute.name(), dedup < 0 ? null : dedup + 1L
            });
        }
    }

    private void addView(ViewMetadata view) {
        for (int i = 0; i < view.columns().size(); i++) {
            add(view.name(), view.kind(), view.columns().get(i), i, new @Nullable Object[] {null, null, null});
        }
    }

    private void add(String relation, String kind, ColumnDefinition column, int ordinal, @Nullable Object[] use) {
        rows.add(new @Nullable Object[] {
            CatalogReader.MAIN,
            relation,
            kind,
            column.name(),
            ordinal + 1L,
            column.type().toString(),
            column.nullable(),
            use[0],
            use[1],
            use[2]
        });
    }
}
