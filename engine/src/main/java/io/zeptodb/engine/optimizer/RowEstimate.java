package io.zeptodb.engine.optimizer;

import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/**
 * How many rows a relation may have, by rules of thumb: only the order of magnitude matters to the order of joins.
 *
 * @param rows after filters
 * @param base of the greatest table in it, before filters: what a key is taken to have in different values
 */
record RowEstimate(double rows, double base) {
    private static final double EQUAL = 0.05;
    private static final double RANGE = 0.3;
    private static final double OTHER = 0.5;
    private static final double GROUPS = 0.1;

    static RowEstimate of(RelNode node) {
        if (node instanceof TableScan scan) {
            double rows = Math.max(1, scan.getTable().getRowCount());
            return new RowEstimate(rows, rows);
        } else if (node instanceof Values values) {
            return new RowEstimate(
                    Math.max(1, values.getTuples().size()),
                    Math.max(1, values.getTuples().size()));
        } else if (node instanceof Filter filter) {
            RowEstimate input = of(filter.getInput());
            return input.withRows(input.rows * selectivity(filter.getCondition()));
        } else if (node instanceof Aggregate aggregate) {
            RowEstimate input = of(aggregate.getInput());
            return input.withRows(aggregate.getGroupSet().isEmpty() ? 1 : input.rows * GROUPS);
        } else if (node instanceof Sort sort) {
            RowEstimate input = of(sort.getInput());
            boolean limited = sort.fetch instanceof RexLiteral;
            return limited ? input.withRows(Math.min(input.rows, RexLiteral.intValue(sort.fetch))) : input;
        } else if (node instanceof Join join) {
            return join(join);
        } else if (node instanceof Correlate correlate) {
            return of(correlate.getLeft());
        } else if (node instanceof SetOp) {
            double rows = node.getInputs().stream()
                    .mapToDouble(input -> of(input).rows)
                    .sum();
            return new RowEstimate(rows, rows);
        }
        return node.getInputs().isEmpty() ? new RowEstimate(1, 1) : of(node.getInput(0));
    }

    private static RowEstimate join(Join join) {
        RowEstimate left = of(join.getLeft());
        return switch (join.getJoinType()) {
            case SEMI, ANTI -> left.withRows(left.rows * OTHER);
            case ASOF, LEFT_ASOF, LEFT_MARK -> left;
            default -> left.joined(of(join.getRight()), !join.getCondition().isAlwaysTrue());
        };
    }

    /** An inner join, over keys that are unique on the side with the greater table or as a cross product. */
    RowEstimate joined(RowEstimate other, boolean byKey) {
        double greatest = Math.max(base, other.base);
        double product = rows * other.rows;
        return new RowEstimate(Math.max(1, byKey ? product / greatest : product), greatest);
    }

    private RowEstimate withRows(double newRows) {
        return new RowEstimate(Math.max(1, newRows), base);
    }

    private static double selectivity(RexNode condition) {
        double selectivity = 1;
        for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
            selectivity *= switch (conjunct.getKind()) {
                case EQUALS -> EQUAL;
                case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> RANGE;
                case OR -> either((RexCall) conjunct);
                default -> OTHER;
            };
        }
        return selectivity;
    }

    /** An OR of equalities is IN. */
    private static double either(RexCall or) {
        boolean points = or.getOperands().stream().allMatch(each -> each.getKind() == SqlKind.EQUALS);
        return points ? Math.min(OTHER, EQUAL * or.getOperands().size()) : OTHER;
    }
}
