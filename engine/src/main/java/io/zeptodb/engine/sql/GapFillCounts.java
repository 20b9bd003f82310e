package io.zeptodb.engine.sql;

import io.zeptodb.engine.sql.operator.ZeptoOperatorTable;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates beside time_bucket_gapfill: a bucket without rows has none of them, a count neither, and Calcite would not believe of a count that it is NULL.
 * Those without a fill get the fill NULL. For one SELECT.
 */
final class GapFillCounts extends SqlShuttle {
    private static final Set<String> FILLS = Set.of("locf", "interpolate", "fill_value");
    private static final String GAPFILL = "time_bucket_gapfill";

    private final ZeptoOperatorTable operators;

    private GapFillCounts(ZeptoOperatorTable operators) {
        this.operators = operators;
    }

    /** Fills them in the select list, in place, when a bucket is there. */
    static void wrap(SqlSelect select, ZeptoOperatorTable operators) {
        SqlNodeList items = select.getSelectList();
        if (!hasBucket(items)) {
            return;
        }
        GapFillCounts wrapping = new GapFillCounts(operators);
        for (int i = 0; i < items.size(); i++) {
            SqlNode item = items.get(i);
            boolean aliased = item.getKind() == SqlKind.AS;
            SqlNode value = aliased ? ((SqlCall) item).operand(0) : item;
            SqlNode wrapped = value.accept(wrapping);
            if (wrapped == null || value instanceof SqlDynamicParam) {
                continue;
            }
            if (aliased) {
                ((SqlCall) item).setOperand(0, wrapped);
            } else {
                items.set(i, wrapped);
            }
        }
    }

    /** Whether a call is of the bucket that fills gaps. */
    static boolean isBucket(SqlCall call) {
        return Sampling.nameOf(call).equals(GAPFILL);
    }

    private static boolean hasBucket(SqlNodeList items) {
        boolean[] found = {false};
        items.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                found[0] |= isBucket(call);
                return Sampling.isQuery(call) ? null : super.visit(call);
            }
        });
        return found[0];
    }

    @Override
    public @Nullable SqlNode visit(SqlCall call) {
        if (Sampling.isQuery(call) || FILLS.contains(Sampling.nameOf(call)) || call.getKind() == SqlKind.OVER) {
            return call;
        }
        SqlParserPos position = call.getParserPosition();
        return SampleItems.isAggregate(call, operators)
                ? SyntaxRewrite.function("fill_value", position, List.of(call, SqlLiteral.createNull(position)))
                : super.visit(call);
    }
}
