package io.zeptodb.engine.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.And;
import io.zeptodb.engine.plan.Expression.Call;
import io.zeptodb.engine.plan.Expression.Case;
import io.zeptodb.engine.plan.Expression.Coalesce;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.Expression.InList;
import io.zeptodb.engine.plan.Expression.IsTruth;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.Expression.Not;
import io.zeptodb.engine.plan.Expression.Or;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.JoinType;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.PlanText;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.plan.WindowCall;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** What must hold of every plan: columns exist, and types are the same wherever two values meet. */
final class PlanCheck {
    private final PhysicalPlan root;

    private PlanCheck(PhysicalPlan root) {
        this.root = root;
    }

    static void check(Statement.Query query) {
        new PlanCheck(query.plan()).plan(query.plan());
        assertThat(query.columns()).hasSize(query.plan().columns().size());
        for (int i = 0; i < query.columns().size(); i++) {
            assertThat(query.columns().get(i).type())
                    .isEqualTo(query.plan().columns().get(i).type());
        }
    }

    private void plan(PhysicalPlan plan) {
        plan.inputs().forEach(this::plan);
        if (plan instanceof PhysicalPlan.TableScan scan) {
            assertThat(scan.ordinals()).as(text()).hasSameSizeAs(scan.columns());
            for (int i = 0; i < scan.ordinals().size(); i++) {
                int ordinal = scan.ordinals().get(i);
                ColumnType type =
                        ordinal < 0 ? ColumnType.BIGINT : scan.table().schema().typeOf(ordinal);
                assertThat(scan.columns().get(i).type()).as(text()).isEqualTo(type);
            }
            conditions(scan.filters(), scan.columns());
            scan.timeBounds().forEach(bound -> expression(bound.value(), List.of()));
        } else if (plan instanceof PhysicalPlan.Values values) {
            for (List<Expression> row : values.rows()) {
                row.forEach(each -> expression(each, List.of()));
                sameLayouts(types(row), values.types());
            }
        } else if (plan instanceof PhysicalPlan.Filter filter) {
            conditions(List.of(filter.condition()), filter.input().columns());
        } else if (plan instanceof PhysicalPlan.Project project) {
            project.expressions()
                    .forEach(each -> expression(each, project.input().columns()));
            assertThat(project.types()).as(text()).isEqualTo(types(project.expressions()));
        } else if (plan instanceof PhysicalPlan.Sort sort) {
            keys(sort.keys(), sort.columns());
        } else if (plan instanceof PhysicalPlan.TopN top) {
            keys(top.keys(), top.columns());
        } else if (plan instanceof PhysicalPlan.UnionAll union) {
            union.inputs().forEach(input -> sameLayouts(input.types(), union.types()));
        } else if (plan instanceof PhysicalPlan.SetOperation operation) {
            sameLayouts(operation.left().types(), operation.types());
            sameLayouts(operation.right().types(), operation.types());
        } else {
            aggregateOrJoin(plan);
        }
    }

    private void aggregateOrJoin(PhysicalPlan plan) {
        if (plan instanceof PhysicalPlan.HashAggregate aggregate) {
            List<PlanColumn> input = aggregate.input().columns();
            aggregate.groups().forEach(each -> expression(each, input));
            calls(aggregate.aggregates(), input);
            List<ColumnType> types = new ArrayList<>(types(aggregate.groups()));
            aggregate.aggregates().forEach(call -> types.add(call.function().result()));
            assertThat(aggregate.types()).as(text()).isEqualTo(types);
        } else if (plan instanceof PhysicalPlan.RunAggregate aggregate) {
            calls(aggregate.aggregates(), aggregate.scan().columns());
            int groups = (aggregate.groupByKey() ? 1 : 0) + (aggregate.bucketWidth() == null ? 0 : 1);
            assertThat(aggregate.columns())
                    .as(text())
                    .hasSize(groups + aggregate.aggregates().size());
        } else if (plan instanceof PhysicalPlan.RunLatest latest) {
            calls(latest.aggregate().aggregates(), latest.aggregate().scan().columns());
            assertThat(latest.columns())
                    .as(text())
                    .hasSize(1 + latest.aggregate().aggregates().size());
        } else if (plan instanceof PhysicalPlan.ViewAggregate aggregate) {
            int keptGroups = aggregate.kept().rows().groups().size();
            List<PlanColumn> kept = aggregate.kept().rows().columns().subList(0, keptGroups);
            aggregate.groups().forEach(each -> expression(each, kept));
            if (aggregate.filter() != null) {
                conditions(List.of(aggregate.filter()), kept);
            }
            assertThat(aggregate.columns())
                    .as(text())
                    .hasSize(aggregate.groups().size() + aggregate.calls().size());
        } else if (plan instanceof PhysicalPlan.HashJoin join) {
            join.leftKeys().forEach(each -> expression(each, join.left().columns()));
            join.rightKeys().forEach(each -> expression(each, join.right().columns()));
            sameLayouts(types(join.leftKeys()), types(join.rightKeys()));
            if (join.residual() != null) {
                conditions(List.of(join.residual()), both(join.left(), join.right()));
            }
            joined(join.type(), join.left(), join.right(), join);
        } else if (plan instanceof PhysicalPlan.NestedLoopJoin join) {
            if (join.condition() != null) {
                conditions(List.of(join.condition()), both(join.left(), join.right()));
            }
            joined(join.type(), join.left(), join.right(), join);
        } else if (plan instanceof PhysicalPlan.AsofJoin join) {
            join.leftKeys().forEach(each -> expression(each, join.left().columns()));
            join.rightKeys().forEach(each -> expression(each, join.right().columns()));
            expression(join.leftTime(), join.left().columns());
            expression(join.rightTime(), join.right().columns());
            sameLayouts(
                    List.of(join.leftTime().type()), List.of(join.rightTime().type()));
            assertThat(join.rightSequence())
                    .as(text())
                    .isLessThan(join.right().columns().size());
            joined(JoinType.INNER, join.left(), join.right(), join);
        } else if (plan instanceof PhysicalPlan.WindowJoin join) {
            windowJoin(join);
        } else if (plan instanceof PhysicalPlan.Window window) {
            window(window);
        }
    }

    private void joined(JoinType type, PhysicalPlan left, PhysicalPlan right, PhysicalPlan join) {
        List<ColumnType> expected = new ArrayList<>(left.types());
        switch (type) {
            case SEMI, ANTI -> {}
            case RIGHT_SEMI, RIGHT_ANTI -> {
                expected.clear();
                expected.addAll(right.types());
            }
            case MARK -> expected.add(ColumnType.BOOLEAN);
            default -> expected.addAll(right.types());
        }
        assertThat(join.types()).as(text()).isEqualTo(expected);
    }

    private void windowJoin(PhysicalPlan.WindowJoin join) {
        PhysicalPlan.WindowJoin.Window window = join.window();
        join.leftKeys().forEach(each -> expression(each, join.left().columns()));
        join.rightKeys().forEach(each -> expression(each, join.right().columns()));
        expression(window.start(), join.left().columns());
        expression(window.end(), join.left().columns());
        expression(window.rightTime(), join.right().columns());
        sameLayouts(List.of(window.start().type()), List.of(window.rightTime().type()));
        sameLayouts(List.of(window.end().type()), List.of(window.rightTime().type()));
        assertThat(window.rightSequence())
                .as(text())
                .isLessThan(join.right().columns().size());
        join.aggregates()
                .forEach(call -> call.arguments()
                        .forEach(each -> expression(each, join.right().columns())));
        assertThat(join.columns())
                .as(text())
                .hasSize(join.left().columns().size() + join.aggregates().size());
    }

    private void window(PhysicalPlan.Window window) {
        List<PlanColumn> input = window.input().columns();
        assertThat(window.columns())
                .as(text())
                .hasSize(input.size() + window.calls().size());
        assertThat(window.partitionBy()).as(text()).allMatch(column -> column < input.size());
        keys(window.sortKeys(), input);
        for (WindowCall call : window.calls()) {
            assertThat(call.arguments())
                    .as(text())
                    .allMatch(each -> each instanceof Column || ExpressionTree.isConstant(each));
            call.arguments().forEach(each -> expression(each, input));
            if (call.aggregate() != null) {
                sameLayouts(types(call.arguments()), call.aggregate().parameters());
            }
        }
    }

    private void calls(List<AggregateCall> calls, List<PlanColumn> input) {
        for (AggregateCall call : calls) {
            call.arguments().forEach(each -> expression(each, input));
            sameLayouts(types(call.arguments()), call.function().parameters());
            if (call.filter() != null) {
                conditions(List.of(call.filter()), input);
            }
        }
    }

    private void keys(List<SortKey> keys, List<PlanColumn> input) {
        keys.forEach(key -> assertThat(key.column()).as(text()).isBetween(0, input.size() - 1));
    }

    private void conditions(List<Expression> conditions, List<PlanColumn> input) {
        for (Expression condition : conditions) {
            expression(condition, input);
            assertThat(condition.type()).as(text()).isEqualTo(ColumnType.BOOLEAN);
        }
    }

    private void expression(Expression expression, List<PlanColumn> input) {
        ExpressionTree.children(expression).forEach(child -> expression(child, input));
        if (expression instanceof Column column) {
            assertThat(column.index()).as(text()).isBetween(0, input.size() - 1);
            assertThat(column.type())
                    .as(text())
                    .isEqualTo(input.get(column.index()).type());
        } else if (expression instanceof Literal literal) {
            literal(literal);
        } else if (expression instanceof Call call) {
            sameLayouts(types(call.arguments()), call.function().parameters());
        } else if (expression instanceof Comparison comparison) {
            ColumnType left = comparison.left().type();
            ColumnType right = comparison.right().type();
            assertThat(Conversion.sameLayout(left, right)
                            || (left.kind().isText() && right.kind().isText()))
                    .as(comparison + " in\n" + text())
                    .isTrue();
        } else if (expression instanceof InList in) {
            in.values().forEach(value -> {
                assertThat(value.value()).as(text()).isNotNull();
                boolean text =
                        value.type().kind().isText() && in.input().type().kind().isText();
                assertThat(text
                                || Conversion.sameLayout(
                                        value.type(), in.input().type()))
                        .as(text())
                        .isTrue();
            });
        } else {
            logic(expression);
        }
    }

    private void logic(Expression expression) {
        if (expression instanceof And || expression instanceof Or) {
            assertThat(ExpressionTree.children(expression)).as(text()).hasSizeGreaterThan(1);
        }
        if (expression instanceof And
                || expression instanceof Or
                || expression instanceof Not
                || expression instanceof IsTruth) {
            ExpressionTree.children(expression)
                    .forEach(child -> assertThat(child.type()).as(text()).isEqualTo(ColumnType.BOOLEAN));
        } else if (expression instanceof Case choice) {
            List<Expression> results = new ArrayList<>(choice.results());
            results.add(choice.otherwise());
            results.forEach(each -> sameLayouts(List.of(each.type()), List.of(choice.type())));
        } else if (expression instanceof Coalesce coalesce) {
            coalesce.arguments().forEach(each -> sameLayouts(List.of(each.type()), List.of(coalesce.type())));
        }
    }

    private void literal(Literal literal) {
        Object value = literal.value();
        if (value == null) {
            return;
        }
        Class<?> expected = switch (literal.type().kind()) {
            case BOOLEAN -> Boolean.class;
            case REAL, DOUBLE -> Double.class;
            case DECIMAL -> BigDecimal.class;
            case VARCHAR, SYMBOL -> String.class;
            case VARBINARY -> byte[].class;
            default -> Long.class;
        };
        assertThat(value).as(text()).isInstanceOf(expected);
        if (literal.type().kind() == TypeKind.DECIMAL) {
            assertThat(((BigDecimal) value).scale())
                    .as(text())
                    .isEqualTo(literal.type().scale());
        }
    }

    private void sameLayouts(List<ColumnType> actual, List<ColumnType> expected) {
        assertThat(actual).as(text()).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(Conversion.sameLayout(actual.get(i), expected.get(i)))
                    .as(actual + " for " + expected + " in\n" + text())
                    .isTrue();
        }
    }

    private static List<ColumnType> types(List<Expression> expressions) {
        return expressions.stream().map(Expression::type).toList();
    }

    private static List<PlanColumn> both(PhysicalPlan left, PhysicalPlan right) {
        return Columns.joined(left.columns(), right.columns());
    }

    private String text() {
        return PlanText.of(root);
    }
}
