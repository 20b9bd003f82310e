package io.zeptodb.engine.sql;

import io.zeptodb.engine.sql.operator.ZeptoOperatorTable;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/**
 * Names in expressions of ORDER BY are columns of the tables first, as in PostgreSQL and DuckDB: {@code SELECT -x AS x … ORDER BY abs(x)} is in the order
 * of the table's x. Calcite takes them for the result's. A name alone is the result's first, and so are names of DISTINCT rows, which have no other
 * columns, and of groups, which GROUP BY may have taken from there, but in arguments of aggregates: {@code SELECT sum(x) AS x … ORDER BY sum(x)}.
 */
final class OrderNames extends SqlShuttle {
    private final SqlSelect select;
    private final SqlValidatorScope scope;
    private final @Nullable ZeptoOperatorTable operators;
    private boolean inTables;

    private OrderNames(SqlSelect select, SqlValidatorScope scope, @Nullable ZeptoOperatorTable operators) {
        this.select = select;
        this.scope = scope;
        this.operators = operators;
        this.inTables = operators == null;
    }

    /**
     * @param order without its direction
     * @param scope of the tables
     * @param operators that tell which functions aggregate, of a query of groups; null for another one
     */
    static SqlNode ofTables(
            SqlNode order, SqlSelect select, SqlValidatorScope scope, @Nullable ZeptoOperatorTable operators) {
        if (select.isDistinct() || !(order instanceof SqlCall call) || call.isA(SqlKind.QUERY)) {
            return order;
        }
        SqlNode named = order.accept(new OrderNames(select, scope, operators));
        return named == null ? order : named;
    }

    @Override
    public @Nullable SqlNode visit(SqlIdentifier name) {
        SqlNode result = inTables ? DistinctRows.named(name, select) : null;
        if (result == null || (result instanceof SqlIdentifier column && DistinctRows.isColumn(column, name))) {
            return name;
        }
        try {
            return scope.resolveColumn(name.getSimple(), name) == null ? name : scope.fullyQualify(name).identifier;
        } catch (CalciteContextException e) {
            return name; // of several tables, or merged by USING: the result's is the one that is meant
        }
    }

    @Override
    public @Nullable SqlNode visit(SqlCall call) {
        if (call.isA(SqlKind.QUERY)) {
            return call;
        }
        boolean before = inTables;
        boolean aggregates = call.getKind() == SqlKind.FILTER
                || (operators != null
                        && call.getOperator() instanceof SqlFunction function
                        && operators.isAggregate(function.getName()));
        inTables |= aggregates;
        try {
            return super.visit(call);
        } finally {
            inTables = before;
        }
    }
}
