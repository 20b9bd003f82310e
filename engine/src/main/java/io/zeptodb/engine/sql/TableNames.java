package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.Suggestion;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.sql.schema.CatalogReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Names of tables and columns in statements that Calcite's validator does not see. */
final class TableNames {
    private TableNames() {}

    /** The table's own name of {@code t}, {@code main.t} or {@code zepto.main.t}; whether it exists is not asked. */
    static String simple(SqlIdentifier name) {
        List<String> parts = name.names;
        int size = parts.size();
        boolean schema = size < 2 || parts.get(size - 2).equalsIgnoreCase(CatalogReader.MAIN);
        boolean database = size < 3 || parts.get(size - 3).equalsIgnoreCase(CatalogReader.CATALOG);
        if (!schema || !database || size > 3) {
            throw at(
                    ErrorCode.UNDEFINED_TABLE,
                    "tables are in schema 'main' of catalog 'zepto', there is no '"
                            + String.join(".", parts.subList(0, size - 1)) + "' to write to",
                    name.getParserPosition());
        }
        return parts.get(size - 1);
    }

    /** Whether a name, perhaps with schema and catalog before it, is that of the table. */
    static boolean names(SqlIdentifier name, TableMetadata table) {
        List<String> parts = name.names;
        int size = parts.size();
        return size <= 3
                && parts.get(size - 1).equalsIgnoreCase(table.name())
                && (size < 2 || parts.get(size - 2).equalsIgnoreCase(CatalogReader.MAIN))
                && (size < 3 || parts.get(size - 3).equalsIgnoreCase(CatalogReader.CATALOG));
    }

    /** @throws EngineException UNDEFINED_TABLE with a suggestion, at the name's position */
    static TableMetadata find(SqlIdentifier name, Catalog catalog) {
        String simple = simple(name);
        return catalog.find(simple).orElseThrow(() -> {
            EngineException undefined = catalog.undefined(simple);
            return at(undefined.code(), String.valueOf(undefined.getMessage()), name.getParserPosition());
        });
    }

    /** The names of tables and views, in their order. */
    static List<String> all(Catalog catalog) {
        List<String> names = new ArrayList<>();
        catalog.tables().forEach(table -> names.add(table.name()));
        catalog.views().forEach(view -> names.add(view.name()));
        names.sort(Comparator.comparing(name -> name.toLowerCase(Locale.ROOT)));
        return names;
    }

    /** Ordinals of named columns, or of all when none are named. */
    static List<Integer> ordinals(TableMetadata table, @Nullable SqlNodeList columns) {
        if (columns == null) {
            int count = table.schema().columns().size();
            return IntStream.range(0, count).boxed().toList();
        }
        List<Integer> ordinals = new ArrayList<>();
        for (SqlNode column : columns) {
            String name = ((SqlIdentifier) column).getSimple();
            int ordinal = table.schema().ordinalOf(name);
            if (ordinal < 0) {
                List<String> known =
                        table.schema().columns().stream().map(c -> c.name()).toList();
                throw at(
                        ErrorCode.UNDEFINED_COLUMN,
                        "table '" + table.name() + "' has no column '" + name + "'" + Suggestion.of(name, known),
                        column.getParserPosition());
            }
            if (ordinals.contains(ordinal)) {
                throw at(
                        ErrorCode.DUPLICATE_COLUMN, "column '" + name + "' is named twice", column.getParserPosition());
            }
            ordinals.add(ordinal);
        }
        return ordinals;
    }

    static EngineException at(ErrorCode code, String message, SqlParserPos position) {
        return new EngineException(code, message, position.getLineNum(), position.getColumnNum(), null);
    }
}
