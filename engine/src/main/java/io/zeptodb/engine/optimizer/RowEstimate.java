package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.sql.schema.ZeptoTable;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * How many rows a relation may have, and how many different values its columns: from the tables' statistics where they are known, else by rules
 * of thumb. Only the order of magnitude matters. Columns are looked at when they are asked for. One planning, one thread.
 */
final class RowEstimate {
    private static final double GROUPS = 0.1;
    private static final double FEW = 0.1;

    private final double rows;
    private final @Nullable ColumnEstimate[] known;
    private final IntFunction<ColumnEstimate> columns;

    private RowEstimate(double rows, int columnCount, IntFunction<ColumnEstimate> columns) {
        this.rows = Math.max(1, rows);
        this.known = new ColumnEstimate[columnCount];
        this.columns = columns;
    }

    /** At least 1. */
    double rows() {
        return rows;
    }

    ColumnEstimate column(int index) {
        ColumnEstimate column = known[index];
        if (column == null) {
            column = columns.apply(index).among(rows);
            known[index] = column;
        }
        return column;
    }

    static RowEstimate of(RelNode node) {
        if (node instanceof TableScan scan) {
            return scan(scan);
        } else if (node instanceof Values values) {
            return unknown(node, values.getTuples().size());
        } else if (node instanceof Filter filter) {
            RowEstimate input = of(filter.getInput());
            return input.withRows(input.rows * Selectivity.of(filter.getCondition(), input));
        } else if (node instanceof Project project) {
            return project(project);
        } else if (node instanceof Aggregate aggregate) {
            return aggregate(aggregate);
        } else if (node instanceof Sort sort) {
            RowEstimate input = of(sort.getInput());
            BigDecimal limit = sort.fetch instanceof RexLiteral literal ? literal.getValueAs(BigDecimal.class) : null;
            return limit == null ? input : input.withRows(Math.min(input.rows, limit.doubleValue()));
        } else if (node instanceof Join join) {
            return join(join);
        } else if (node instanceof SetOp operation) {
            return setOperation(operation);
        }
        // of a Correlate: its left side
        return node.getInputs().isEmpty() ? unknown(node, 1) : unknown(node, of(node.getInput(0)).rows);
    }

    /** Of so many rows nothing else is known. */
    private static RowEstimate unknown(RelNode node, double rows) {
        return new RowEstimate(rows, node.getRowType().getFieldCount(), index -> ColumnEstimate.UNKNOWN);
    }

    private RowEstimate withRows(double newRows) {
        return new RowEstimate(newRows, known.length, this::column);
    }

    private static RowEstimate scan(TableScan scan) {
        ZeptoTable table = scan.getTable().unwrap(ZeptoTable.class);
        double rows = Math.max(1, scan.getTable().getRowCount());
        if (table == null) {
            return unknown(scan, rows);
        }
        int count = table.metadata().schema().columns().size();
        return new RowEstimate(
                rows,
                scan.getRowType().getFieldCount(),
                ordinal -> ordinal < count ? column(table, ordinal) : ColumnEstimate.UNKNOWN);
    }

    private static ColumnEstimate column(ZeptoTable table, int ordinal) {
        double known = table.distinct(ordinal);
        double distinct = known < 0 ? Double.NaN : Math.max(1, known);
        ColumnStatistics bounds = table.bounds(ordinal);
        if (!bounds.hasBounds()) {
            return new ColumnEstimate(distinct, Double.NaN, Double.NaN);
        }
        return table.typeOf(ordinal).kind().isFloat()
                ? new ColumnEstimate(distinct, bounds.minDouble(), bounds.maxDouble())
                : new ColumnEstimate(distinct, bounds.minLong(), bounds.maxLong());
    }

    private static RowEstimate project(Project project) {
        RowEstimate input = of(project.getInput());
        List<RexNode> expressions = project.getProjects();
        return new RowEstimate(input.rows, expressions.size(), index -> {
            RexNode expression = Selectivity.withoutCast(expressions.get(index));
            return expression instanceof RexInputRef reference
                    ? input.column(reference.getIndex())
                    : expression instanceof RexLiteral ? ColumnEstimate.of(1) : ColumnEstimate.UNKNOWN;
        });
    }

    private static RowEstimate aggregate(Aggregate aggregate) {
        RowEstimate input = of(aggregate.getInput());
        List<Integer> keys = aggregate.getGroupSet().asList();
        double groups = 1;
        for (int key : keys) {
            groups *= input.column(key).distinctOr(input.rows * GROUPS);
        }
        double rows = Math.min(groups, input.rows);
        return new RowEstimate(
                rows,
                aggregate.getRowType().getFieldCount(),
                index -> index < keys.size() ? input.column(keys.get(index)) : ColumnEstimate.UNKNOWN);
    }

    private static RowEstimate setOperation(SetOp operation) {
        List<RowEstimate> inputs =
                operation.getInputs().stream().map(RowEstimate::of).toList();
        if (!(operation instanceof Union)) {
            return inputs.get(0);
        }
        double rows = inputs.stream().mapToDouble(RowEstimate::rows).sum();
        return new RowEstimate(
                rows,
                operation.getRowType().getFieldCount(),
                index -> ColumnEstimate.of(inputs.stream()
                        .mapToDouble(input -> input.column(index).distinct())
                        .sum()));
    }

    private static RowEstimate join(Join join) {
        RowEstimate left = of(join.getLeft());
        RowEstimate right = of(join.getRight());
        List<RexNode> conditions = RelOptUtil.conjunctions(join.getCondition());
        double inner = left.rows * right.rows * selectivity(conditions, left, right);
        return switch (join.getJoinType()) {
            case SEMI, ANTI -> left.withRows(left.rows * kept(join.getJoinType(), conditions, left, right));
            case ASOF, LEFT_ASOF -> left.beside(right, left.rows);
            case LEFT_MARK -> unknown(join, left.rows);
            case INNER -> left.beside(right, inner);
            case LEFT -> left.beside(right, Math.max(inner, left.rows));
            case RIGHT -> left.beside(right, Math.max(inner, right.rows));
            case FULL -> left.beside(right, Math.max(inner, left.rows + right.rows));
        };
    }

    /** Which part of the left rows a semi or anti join lets pass, by conditions over left then right columns. */
    static double kept(JoinRelType type, List<RexNode> conditions, RowEstimate left, RowEstimate right) {
        double matched = Math.min(1, right.rows * selectivity(conditions, left, right));
        return type == JoinRelType.SEMI ? matched : Math.max(FEW, 1 - matched);
    }

    /** The columns of both for so many rows. */
    RowEstimate beside(RowEstimate right, double newRows) {
        int leftCount = known.length;
        return new RowEstimate(
                newRows,
                leftCount + right.known.length,
                index -> index < leftCount ? column(index) : right.column(index - leftCount));
    }

    /** Which part of all pairs conditions over left then right columns let pass; several equalities are one key. */
    static double selectivity(List<RexNode> conditions, RowEstimate left, RowEstimate right) {
        RowEstimate pairs = left.beside(right, left.rows * right.rows);
        double unique = Math.min(left.rows, right.rows); // what is not known is taken for the key of the smaller side
        double leftKeys = 1;
        double rightKeys = 1;
        double others = 1;
        for (RexNode conjunct : conditions) {
            EqualColumns columns = EqualColumns.of(conjunct);
            int leftCount = left.known.length;
            if (columns != null && columns.least() < leftCount && columns.greatest() >= leftCount) {
                double leftDistinct = left.column(columns.least()).distinct();
                double rightDistinct =
                        right.column(columns.greatest() - leftCount).distinct();
                leftKeys *= Double.isNaN(leftDistinct) ? unique : leftDistinct;
                rightKeys *= Double.isNaN(rightDistinct) ? unique : rightDistinct;
            } else {
                others *= Selectivity.of(conjunct, pairs);
            }
        }
        double keys = Math.max(Math.min(leftKeys, left.rows), Math.min(rightKeys, right.rows));
        return others / keys;
    }
}
