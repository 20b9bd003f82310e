package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataTypeField;

/** Makes the column lists of plan records. */
final class Columns {
    private Columns() {}

    /** Names and nullability of a relational node, types of the expressions that compute it. */
    static List<PlanColumn> of(RelNode node, List<? extends Expression> expressions) {
        List<RelDataTypeField> fields = node.getRowType().getFieldList();
        List<PlanColumn> columns = new ArrayList<>(expressions.size());
        for (int i = 0; i < expressions.size(); i++) {
            RelDataTypeField field = fields.get(i);
            columns.add(new PlanColumn(
                    field.getName(), expressions.get(i).type(), field.getType().isNullable()));
        }
        return columns;
    }

    static List<PlanColumn> joined(List<PlanColumn> left, List<PlanColumn> right) {
        List<PlanColumn> columns = new ArrayList<>(left.size() + right.size());
        columns.addAll(left);
        columns.addAll(right);
        return columns;
    }

    /** The left columns, then the right ones, each side NULL where the other has no match. */
    static List<PlanColumn> joined(
            List<PlanColumn> left, List<PlanColumn> right, boolean leftNullable, boolean rightNullable) {
        return joined(leftNullable ? nullable(left) : left, rightNullable ? nullable(right) : right);
    }

    private static List<PlanColumn> nullable(List<PlanColumn> columns) {
        return columns.stream()
                .map(column -> new PlanColumn(column.name(), column.type(), true))
                .toList();
    }

    /** An expression for each column that gives the column. */
    static List<Expression> references(List<PlanColumn> columns) {
        List<Expression> references = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            references.add(new Column(i, columns.get(i).type()));
        }
        return references;
    }

    /** Whether the expressions are all columns of an input of this many columns, in order. */
    static boolean isIdentity(List<Expression> expressions, int inputColumns) {
        if (expressions.size() != inputColumns) {
            return false;
        }
        for (int i = 0; i < inputColumns; i++) {
            if (!(expressions.get(i) instanceof Column column && column.index() == i)) {
                return false;
            }
        }
        return true;
    }
}
