package io.zeptodb.engine.sql;

import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/** Aggregates that go by an ORDER BY of their own: their rows are sorted once, so that all of one query must have the same. */
final class OrderedAggregates extends SqlBasicVisitor<@Nullable Void> {
    private static final Set<String> BY_ARRIVAL = Set.of("string_agg", "listagg", "group_concat");

    private @Nullable SqlNode order;

    private OrderedAggregates() {}

    static void check(SqlSelect select) {
        OrderedAggregates visitor = new OrderedAggregates();
        select.getSelectList().accept(visitor);
        SqlNode having = select.getHaving();
        if (having != null) {
            having.accept(visitor);
        }
    }

    @Override
    public @Nullable Void visit(SqlCall call) {
        if (call.isA(SqlKind.QUERY)) {
            return null;
        }
        if (call.getKind() == SqlKind.WITHIN_GROUP && call.operand(0) instanceof SqlCall aggregate) {
            String name = aggregate.getOperator().getName().toLowerCase(Locale.ROOT);
            SqlNode own = call.operand(1);
            if (BY_ARRIVAL.contains(name)) {
                if (order != null && !order.equalsDeep(own, Litmus.IGNORE)) {
                    throw SyntaxRewrite.unsupported(
                            name + " with another ORDER BY than the one before it in the same query (compute one in a"
                                    + " subquery)",
                            own.getParserPosition());
                }
                order = own;
            }
        }
        return super.visit(call);
    }
}
