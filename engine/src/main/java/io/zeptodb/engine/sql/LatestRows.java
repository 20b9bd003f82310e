package io.zeptodb.engine.sql;

import com.google.common.collect.ImmutableSet;
import io.zeptodb.engine.sql.ast.LatestOn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * LATEST ON: an aggregation by the keys, whose last(column, time) is each other column, over what the rest of the filter leaves of the rows that
 * have a time.
 */
final class LatestRows extends RelationRewrite {
    private final Supplier<SqlAggFunction> last;

    /** @param last the registry's aggregate of this name, asked for only by LATEST ON */
    LatestRows(Supplier<SqlAggFunction> last) {
        this.last = last;
    }

    @Override
    RelNode replace(RelNode node) {
        if (!(node instanceof Filter filter)) {
            return node;
        }
        List<RexNode> conditions = new ArrayList<>(RelOptUtil.conjunctions(filter.getCondition()));
        RexCall latest = null;
        for (RexNode condition : conditions) {
            latest = latest == null ? asLatest(condition) : latest;
        }
        if (latest == null) {
            return node;
        }
        conditions.remove(latest);
        return latest(filter, latest, conditions);
    }

    private static @Nullable RexCall asLatest(RexNode condition) {
        return condition instanceof RexCall call && LatestOn.isOperator(call.getOperator()) ? call : null;
    }

    private RelNode latest(Filter filter, RexCall latest, List<RexNode> conditions) {
        List<Integer> operands =
                latest.getOperands().stream().map(LatestRows::column).toList();
        RexBuilder rex = filter.getCluster().getRexBuilder();
        RelNode input = filter.getInput();
        int time = operands.get(0);
        if (input.getRowType().getFieldList().get(time).getType().isNullable()) {
            conditions.add(rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, rex.makeInputRef(input, time)));
        }
        RelNode rows = conditions.isEmpty()
                ? input
                : LogicalFilter.create(
                        input,
                        RexUtil.composeConjunction(rex, conditions),
                        ImmutableSet.copyOf(filter.getVariablesSet()));
        return aggregate(rows, time, ImmutableBitSet.of(operands.subList(1, operands.size())));
    }

    private static int column(RexNode operand) {
        if (operand instanceof RexInputRef column) {
            return column.getIndex();
        }
        throw SyntaxRewrite.unsupported("LATEST ON by a column of an outer query", null);
    }

    private RelNode aggregate(RelNode rows, int time, ImmutableBitSet keys) {
        RexBuilder rex = rows.getCluster().getRexBuilder();
        RelDataTypeFactory types = rex.getTypeFactory();
        List<RelDataTypeField> fields = rows.getRowType().getFieldList();
        List<AggregateCall> calls = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (RelDataTypeField field : fields) {
            boolean key = keys.get(field.getIndex());
            places.add(key ? keys.indexOf(field.getIndex()) : keys.cardinality() + calls.size());
            if (!key) {
                calls.add(call(field, time, types.createTypeWithNullability(field.getType(), true)));
            }
        }
        RelNode aggregate = LogicalAggregate.create(rows, List.of(), keys, null, calls);
        List<RexNode> columns = new ArrayList<>();
        for (RelDataTypeField field : fields) {
            RexNode column = rex.makeInputRef(aggregate, places.get(field.getIndex()));
            boolean same = column.getType().equals(field.getType());
            columns.add(same ? column : rex.makeAbstractCast(field.getType(), column, false));
        }
        return LogicalProject.create(aggregate, List.of(), columns, rows.getRowType(), ImmutableSet.of());
    }

    private AggregateCall call(RelDataTypeField field, int time, RelDataType type) {
        return AggregateCall.create(
                last.get(),
                false,
                false,
                false,
                List.of(),
                List.of(field.getIndex(), time),
                -1,
                null,
                RelCollations.EMPTY,
                type,
                field.getName());
    }
}
