package io.zeptodb.engine.sql.schema;

import com.google.common.base.Suppliers;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.TableStatistics;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.function.FunctionRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;

/** One version of the catalog as Calcite's tree of schemas: zepto with main, information_schema and the hidden one of the engine's own tables. */
public final class DatabaseSchemas {
    private DatabaseSchemas() {}

    /** A schema whose tables are made when a name of it is looked up. */
    private static final class Tables extends AbstractSchema {
        private final Supplier<Map<String, Table>> tables;

        Tables(Supplier<Map<String, Table>> tables) {
            this.tables = Suppliers.memoize(tables::get)::get;
        }

        @Override
        protected Map<String, Table> getTableMap() {
            return tables.get();
        }

        @Override
        public boolean isMutable() {
            return false;
        }
    }

    /** The root of the names that a statement can use. */
    public static CalciteSchema root(Catalog catalog, TableStatistics statistics, FunctionRegistry functions) {
        return root(catalog, statistics, functions, true);
    }

    /** As the other, for a tree in which views stand for themselves. */
    public static CalciteSchema rootOfNames(Catalog catalog, TableStatistics statistics, FunctionRegistry functions) {
        return root(catalog, statistics, functions, false);
    }

    private static CalciteSchema root(
            Catalog catalog, TableStatistics statistics, FunctionRegistry functions, boolean expandsViews) {
        CalciteSchema root = CalciteSchema.createRootSchema(false, false, "", new AbstractSchema());
        CalciteSchema database = root.add(CatalogReader.CATALOG, new AbstractSchema());
        database.add(CatalogReader.MAIN, new Tables(() -> main(catalog, statistics, expandsViews)));
        database.add(
                CatalogReader.INFORMATION_SCHEMA,
                new Tables(() -> Map.copyOf(SystemTables.informationSchema(catalog))));
        database.add(CatalogReader.SYSTEM, new Tables(() -> Map.copyOf(SystemTables.functions(functions))));
        return root;
    }

    /**
     * As the other, with the table whose rows a statement changes once more, in {@link CatalogReader#CHANGED}: there it has the sequence of its
     * rows as the last column, which no name of the statement's text can mean.
     */
    public static CalciteSchema root(
            Catalog catalog,
            TableStatistics statistics,
            FunctionRegistry functions,
            TableMetadata changed,
            String sequenceName) {
        CalciteSchema root = root(catalog, statistics, functions);
        CalciteSchema database = Objects.requireNonNull(root.subSchemas().get(CatalogReader.CATALOG));
        Table table = new ZeptoTable(changed, statistics, sequenceName);
        database.add(CatalogReader.CHANGED, new Tables(() -> Map.of(changed.name(), table)));
        return root;
    }

    private static Map<String, Table> main(Catalog catalog, TableStatistics statistics, boolean expandsViews) {
        Map<String, Table> main = new HashMap<>();
        for (TableMetadata table : catalog.tables()) {
            main.put(table.name(), new ZeptoTable(table, statistics));
        }
        for (ViewMetadata view : catalog.views()) {
            main.put(view.name(), new ZeptoView(view, expandsViews));
        }
        return main;
    }
}
