package io.zeptodb.engine.sql;

import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.sql.schema.CatalogReader;
import io.zeptodb.engine.sql.schema.SystemTables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** The names that a wrong one in a statement may have been meant for: of the catalog, and those that the statement gives itself. */
final class NamesInText extends SqlBasicVisitor<@Nullable Void> {
    private final Catalog catalog;
    private final List<String> tables = new ArrayList<>();
    private final List<String> columns = new ArrayList<>();
    private final Map<String, String> aliases = new HashMap<>();

    private NamesInText(Catalog catalog) {
        this.catalog = catalog;
        tables.addAll(TableNames.all(catalog));
    }

    static SqlErrors.Names of(@Nullable SqlNode node, Catalog catalog, Collection<String> functions) {
        NamesInText names = new NamesInText(catalog);
        if (node != null) {
            node.accept(names);
        }
        List<String> callable = new ArrayList<>(functions);
        callable.addAll(SystemTables.DYNAMIC.keySet());
        callable.add(SystemTables.FUNCTIONS);
        callable.add(SystemTables.FUNCTION_COLUMNS);
        callable.add(SystemTables.KEYWORDS);
        return new SqlErrors.Names(names.tables, names.columns, callable, names.aliases);
    }

    @Override
    public @Nullable Void visit(SqlIdentifier identifier) {
        String last = identifier.names.get(identifier.names.size() - 1);
        catalog.find(last).ifPresent(table -> table.schema().columns().forEach(column -> columns.add(column.name())));
        catalog.findView(last).ifPresent(view -> view.columns().forEach(column -> columns.add(column.name())));
        List<PlanColumn> known = SystemTables.DYNAMIC.get(last.toLowerCase(Locale.ROOT));
        if (known != null) {
            known.forEach(column -> columns.add(column.name()));
        }
        int names = identifier.names.size();
        if (names > 1 && CatalogReader.INFORMATION_SCHEMA.equalsIgnoreCase(identifier.names.get(names - 2))) {
            informationSchema(last);
        }
        return null;
    }

    private void informationSchema(String named) {
        SystemTables.informationSchema(catalog).forEach((name, table) -> {
            tables.add(name);
            if (name.equalsIgnoreCase(named)) {
                table.columns().forEach(column -> columns.add(column.name()));
            }
        });
    }

    @Override
    public @Nullable Void visit(SqlCall call) {
        if (call instanceof SqlWithItem item) {
            tables.add(item.name.getSimple());
            if (item.columnList != null) {
                item.columnList.forEach(column -> columns.add(((SqlIdentifier) column).getSimple()));
            }
        } else if (call.getKind() == SqlKind.AS && call.operand(1) instanceof SqlIdentifier alias && alias.isSimple()) {
            alias(call, alias.getSimple());
        }
        return super.visit(call);
    }

    /** In FROM the name is a table's, in a select list a column's. */
    private void alias(SqlCall call, String alias) {
        TableMetadata table = call.operand(0) instanceof SqlIdentifier named
                ? catalog.find(named.names.get(named.names.size() - 1)).orElse(null)
                : null;
        if (table != null) {
            aliases.put(table.name().toLowerCase(Locale.ROOT), alias);
        }
        boolean query = call.operand(0).isA(SqlKind.QUERY);
        (table != null || query ? tables : columns).add(alias);
        for (int i = 2; i < call.operandCount(); i++) {
            if (call.operand(i) instanceof SqlIdentifier column && column.isSimple()) {
                columns.add(column.getSimple());
            }
        }
    }
}
