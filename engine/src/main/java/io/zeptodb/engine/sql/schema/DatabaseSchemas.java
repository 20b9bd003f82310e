package io.zeptodb.engine.sql.schema;

import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.function.FunctionRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;

/** One version of the catalog as Calcite's tree of schemas: zepto with main, information_schema and the hidden one of the engine's own tables. */
public final class DatabaseSchemas {
    private DatabaseSchemas() {}

    /** A schema that is a map. */
    private static final class Tables extends AbstractSchema {
        private final Map<String, Table> tables;

        Tables(Map<String, ? extends Table> tables) {
            this.tables = Map.copyOf(tables);
        }

        @Override
        protected Map<String, Table> getTableMap() {
            return tables;
        }

        @Override
        public boolean isMutable() {
            return false;
        }
    }

    /** The root of the names that a statement can use. */
    public static CalciteSchema root(
            Catalog catalog, ToLongFunction<TableMetadata> rowCounts, FunctionRegistry functions) {
        Map<String, Table> main = new LinkedHashMap<>();
        for (TableMetadata table : catalog.tables()) {
            main.put(table.name(), new ZeptoTable(table, rowCounts));
        }
        CalciteSchema root = CalciteSchema.createRootSchema(false, false, "", new AbstractSchema());
        CalciteSchema database = root.add(CatalogReader.CATALOG, new AbstractSchema());
        database.add(CatalogReader.MAIN, new Tables(main));
        database.add(CatalogReader.INFORMATION_SCHEMA, new Tables(SystemTables.informationSchema(catalog)));
        database.add(CatalogReader.SYSTEM, new Tables(SystemTables.functions(functions)));
        return root;
    }
}
