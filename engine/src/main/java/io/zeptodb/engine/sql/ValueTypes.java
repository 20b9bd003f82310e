package io.zeptodb.engine.sql;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * The numbers of a column of VALUES become values of its type: Calcite leaves 1.0 beside 1e16 a decimal in a column of doubles, and fails when it
 * compares the two to find out whether rows are in order. For one statement.
 */
final class ValueTypes extends RelationRewrite {
    @Override
    RelNode replace(RelNode node) {
        if (!(node instanceof Values values)) {
            return node;
        }
        List<RelDataType> types = values.getRowType().getFieldList().stream()
                .map(field -> field.getType())
                .toList();
        boolean[] changed = {false};
        ImmutableList.Builder<ImmutableList<RexLiteral>> rows = ImmutableList.builder();
        for (ImmutableList<RexLiteral> row : values.getTuples()) {
            ImmutableList.Builder<RexLiteral> literals = ImmutableList.builder();
            for (int i = 0; i < row.size(); i++) {
                RexLiteral literal = row.get(i);
                RexLiteral typed = typed(values.getCluster().getRexBuilder(), literal, types.get(i));
                changed[0] |= !typed.equals(literal);
                literals.add(typed);
            }
            rows.add(literals.build());
        }
        return changed[0] ? LogicalValues.create(values.getCluster(), values.getRowType(), rows.build()) : node;
    }

    private static RexLiteral typed(RexBuilder rex, RexLiteral literal, RelDataType type) {
        return SqlTypeUtil.isApproximateNumeric(type) && literal.getValue() instanceof BigDecimal number
                ? rex.makeApproxLiteral(number, type)
                : literal;
    }
}
