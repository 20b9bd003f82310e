package io.zeptodb.engine.sql;

import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/**
 * Names in expressions of ORDER BY are columns of the tables first, as in PostgreSQL and DuckDB: {@code SELECT -x AS x … ORDER BY abs(x)} is in the order
 * of the table's x. Calcite takes them for the result's. A name alone is the result's first, and so are names over groups, which GROUP BY may have
 * taken from there, and of DISTINCT rows, which have no other columns.
 */
final class OrderNames extends SqlShuttle {
    private final SqlSelect select;
    private final SqlValidatorScope scope;

    private OrderNames(SqlSelect select, SqlValidatorScope scope) {
        this.select = select;
        this.scope = scope;
    }

    /**
     * @param order without its direction
     * @param scope of the tables
     */
    static SqlNode ofTables(SqlNode order, SqlSelect select, boolean grouped, SqlValidatorScope scope) {
        if (grouped || select.isDistinct() || !(order instanceof SqlCall call) || call.isA(SqlKind.QUERY)) {
            return order;
        }
        SqlNode named = order.accept(new OrderNames(select, scope));
        return named == null ? order : named;
    }

    @Override
    public @Nullable SqlNode visit(SqlIdentifier name) {
        SqlNode result = DistinctRows.named(name, select);
        if (result == null || scope.resolveColumn(name.getSimple(), name) == null) {
            return name;
        }
        return scope.fullyQualify(name).identifier;
    }

    @Override
    public @Nullable SqlNode visit(SqlCall call) {
        return call.isA(SqlKind.QUERY) ? call : super.visit(call);
    }
}
