package io.zeptodb.engine.plan;

import io.zeptodb.engine.plan.PhysicalPlan.Apply;
import io.zeptodb.engine.plan.PhysicalPlan.AsofJoin;
import io.zeptodb.engine.plan.PhysicalPlan.Filling;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.GapFill;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.HashJoin;
import io.zeptodb.engine.plan.PhysicalPlan.Limit;
import io.zeptodb.engine.plan.PhysicalPlan.NestedLoopJoin;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.Recursion;
import io.zeptodb.engine.plan.PhysicalPlan.RunAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.RunLatest;
import io.zeptodb.engine.plan.PhysicalPlan.SetOperation;
import io.zeptodb.engine.plan.PhysicalPlan.SingleRow;
import io.zeptodb.engine.plan.PhysicalPlan.Sort;
import io.zeptodb.engine.plan.PhysicalPlan.StatisticsAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.SystemScan;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.PhysicalPlan.TopN;
import io.zeptodb.engine.plan.PhysicalPlan.UnionAll;
import io.zeptodb.engine.plan.PhysicalPlan.Unnest;
import io.zeptodb.engine.plan.PhysicalPlan.Values;
import io.zeptodb.engine.plan.PhysicalPlan.ViewAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.Window;
import io.zeptodb.engine.plan.PhysicalPlan.WindowJoin;
import io.zeptodb.engine.plan.PhysicalPlan.WorkingTable;
import io.zeptodb.engine.plan.WindowCall.Bound;
import io.zeptodb.engine.plan.WindowCall.Exclusion;
import io.zeptodb.engine.plan.WindowCall.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plan as EXPLAIN shows it: one line for each record, inputs below their consumer and indented. The text is stable: tests compare it. */
public final class PlanText {
    private static final String INDENT = "  ";
    private static final int MOST_ROWS_SHOWN = 3;

    private PlanText() {}

    /** The lines from the root down. */
    public static List<String> lines(PhysicalPlan plan) {
        return lines(plan, each -> "");
    }

    /** @param figures what stands behind the line of each record */
    public static List<String> lines(PhysicalPlan plan, Function<PhysicalPlan, String> figures) {
        List<String> lines = new ArrayList<>();
        add(plan, "", figures, lines);
        return lines;
    }

    /** All lines, each with a line break behind it. */
    public static String of(PhysicalPlan plan) {
        return lines(plan).stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static void add(
            PhysicalPlan plan, String indent, Function<PhysicalPlan, String> figures, List<String> lines) {
        lines.add(indent + line(plan) + figures.apply(plan));
        plan.inputs().forEach(input -> add(input, indent + INDENT, figures, lines));
    }

    private static String line(PhysicalPlan plan) {
        if (plan instanceof TableScan scan) {
            return scan(scan);
        } else if (plan instanceof SystemScan scan) {
            return "SystemScan " + scan.name() + " [" + names(scan) + "]";
        } else if (plan instanceof Values values) {
            return values(values);
        } else if (plan instanceof Filter filter) {
            return "Filter [" + over(filter.input()).of(filter.condition()) + "]";
        } else if (plan instanceof Project project) {
            return "Project [" + named(over(project.input()), project.expressions(), project.columns()) + "]";
        } else if (plan instanceof Limit limit) {
            return "Limit [" + bounds(limit.offset(), limit.limit()) + "]";
        } else if (plan instanceof Sort sort) {
            return "Sort [" + keys(sort.keys(), over(sort.input())) + "]";
        } else if (plan instanceof TopN top) {
            return "TopN [" + keys(top.keys(), over(top.input())) + "; " + bounds(top.offset(), top.limit()) + "]";
        } else if (plan instanceof HashAggregate aggregate) {
            return hashAggregate(aggregate);
        } else if (plan instanceof RunAggregate aggregate) {
            return runAggregate(aggregate);
        } else if (plan instanceof GapFill fill) {
            return gapFill(fill);
        } else if (plan instanceof RunLatest latest) {
            ExpressionText over = over(latest.aggregate().scan());
            return "RunLatest [by key; " + calls(latest.aggregate().aggregates(), over) + "]";
        } else if (plan instanceof StatisticsAggregate aggregate) {
            String statistics = aggregate.statistics().stream()
                    .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                    .collect(Collectors.joining(", "));
            return "StatisticsAggregate " + aggregate.table().name() + " [" + statistics + "]";
        } else if (plan instanceof ViewAggregate aggregate) {
            return viewAggregate(aggregate);
        } else if (plan instanceof Window window) {
            return window(window);
        } else if (plan instanceof UnionAll) {
            return "UnionAll";
        } else if (plan instanceof SetOperation operation) {
            return (operation.except() ? "Except" : "Intersect") + (operation.all() ? "All" : "");
        } else if (plan instanceof SingleRow) {
            return "SingleRow";
        }
        return join(plan);
    }

    private static String join(PhysicalPlan plan) {
        if (plan instanceof HashJoin join) {
            return hashJoin(join);
        } else if (plan instanceof NestedLoopJoin join) {
            String condition = join.condition() == null
                    ? ""
                    : "; " + overBoth(join.left(), join.right()).of(join.condition());
            return "NestedLoopJoin [" + join.type() + condition + "]";
        } else if (plan instanceof AsofJoin join) {
            return asofJoin(join);
        } else if (plan instanceof WindowJoin join) {
            return windowJoin(join);
        } else if (plan instanceof Apply apply) {
            ExpressionText left = over(apply.left());
            String bindings = apply.bindings().stream()
                    .map(binding -> "?" + (binding.parameter() + 1) + " = " + left.column(binding.column()))
                    .collect(Collectors.joining(", "));
            return "Apply [" + apply.type() + "; " + bindings + "]";
        }
        return recursion(plan);
    }

    private static String recursion(PhysicalPlan plan) {
        if (plan instanceof Recursion recursion) {
            return "Recursion " + recursion.number() + (recursion.all() ? " [" : " [distinct; ") + names(recursion)
                    + "]";
        } else if (plan instanceof Unnest unnest) {
            return "Unnest [" + over(unnest.input()).list(unnest.arrays())
                    + (unnest.ordinality() ? "; with ordinality" : "") + (unnest.keepEmpty() ? "; keeps empty" : "")
                    + "]";
        } else if (plan instanceof WorkingTable table) {
            return "WorkingTable " + table.recursion() + " [" + names(table) + "]";
        }
        throw new IllegalStateException("no text for " + plan);
    }

    private static String scan(TableScan scan) {
        StringBuilder text = new StringBuilder("TableScan " + scan.table().name() + " [" + names(scan) + "]");
        ExpressionText over = new ExpressionText(scan.columns());
        if (scan.keys() != null) {
            text.append(" keys: ").append(over.list(scan.keys()));
        }
        if (!scan.timeBounds().isEmpty()) {
            text.append(scan.timeBounds().stream()
                    .map(bound ->
                            bound.isOfAnyTime() ? "not null" : bound.operator().sign() + " " + over.of(bound.value()))
                    .collect(Collectors.joining(", ", " time: ", "")));
        }
        List<IndexedCondition> indexed = IndexedCondition.of(scan);
        if (!indexed.isEmpty()) {
            text.append(indexed.stream()
                    .map(condition -> indexed(scan, condition, over))
                    .collect(Collectors.joining(", ", " index: ", "")));
        }
        if (!scan.filters().isEmpty()) {
            text.append(scan.filters().stream().map(over::of).collect(Collectors.joining("; ", " where: ", "")));
        }
        return text.toString();
    }

    private static String indexed(TableScan scan, IndexedCondition condition, ExpressionText over) {
        String values = over.list(condition.values());
        String name = scan.table().schema().columns().get(condition.ordinal()).name();
        return condition.attribute() + "(" + name + ") "
                + (condition.isList()
                        ? "IN (" + values + ")"
                        : condition.operator().sign() + " " + values);
    }

    private static String values(Values values) {
        ExpressionText constants = new ExpressionText(List.of());
        List<List<Expression>> rows = values.rows();
        String shown = rows.stream()
                .limit(MOST_ROWS_SHOWN)
                .map(row -> "(" + constants.list(row) + ")")
                .collect(Collectors.joining(", "));
        String more = rows.size() > MOST_ROWS_SHOWN ? ", … " + rows.size() + " rows" : "";
        return "Values [" + names(values) + "] " + (rows.isEmpty() ? "no rows" : shown + more);
    }

    private static String hashAggregate(HashAggregate aggregate) {
        ExpressionText over = over(aggregate.input());
        String groups = aggregate.groups().isEmpty() ? "" : "by " + over.list(aggregate.groups());
        String calls = calls(aggregate.aggregates(), over);
        return "HashAggregate [" + groups + (groups.isEmpty() || calls.isEmpty() ? "" : "; ") + calls + "]";
    }

    private static String runAggregate(RunAggregate aggregate) {
        ExpressionText over = over(aggregate.scan());
        List<String> groups = new ArrayList<>();
        if (aggregate.groupByKey()) {
            groups.add("key");
        }
        if (aggregate.bucketWidth() != null) {
            String origin = aggregate.bucketOrigin() == 0 ? "" : " from " + aggregate.bucketOrigin();
            groups.add(
                    aggregate.bucketFirst() ? 0 : groups.size(),
                    "time bucket of " + over.of(aggregate.bucketWidth()) + origin);
        }
        return "RunAggregate [by " + String.join(", ", groups) + "; " + calls(aggregate.aggregates(), over) + "]";
    }

    private static String viewAggregate(ViewAggregate aggregate) {
        HashAggregate rows = aggregate.kept().rows();
        ExpressionText over =
                new ExpressionText(rows.columns().subList(0, rows.groups().size()));
        StringBuilder text =
                new StringBuilder("MaterializedView ").append(aggregate.kept().view());
        text.append(aggregate.rollUp() ? " (roll-up) [" : " [");
        String groups = aggregate.groups().isEmpty() ? "" : "by " + over.list(aggregate.groups());
        String calls = aggregate.calls().stream()
                .map(call -> call.call().function().name())
                .collect(Collectors.joining(", "));
        text.append(groups)
                .append(groups.isEmpty() || calls.isEmpty() ? "" : "; ")
                .append(calls)
                .append(']');
        Expression filter = aggregate.filter();
        if (filter != null) {
            text.append(" where: ").append(over.of(filter));
        }
        boolean isOpen =
                aggregate.edges().stream().anyMatch(edge -> !(edge.bound().value() instanceof Expression.Literal));
        return text.append(isOpen ? " if no bucket is cut, else the table" : "").toString();
    }

    private static String gapFill(GapFill fill) {
        ExpressionText over = over(fill.input());
        StringBuilder text = new StringBuilder("GapFill [" + over.column(fill.bucket()) + " by "
                + over.of(fill.grid().width()));
        if (fill.grid().origin() != null) {
            text.append(" from ").append(over.of(fill.grid().origin()));
        }
        if (fill.grid().zone() != null) {
            text.append(" in ").append(over.of(fill.grid().zone()));
        }
        fill.bounds()
                .forEach(bound -> text.append(", ")
                        .append(bound.operator().sign())
                        .append(" ")
                        .append(over.of(bound.value())));
        for (int i = 0; i < fill.fills().size(); i++) {
            if (fill.fills().get(i) == Filling.PREVIOUS || fill.fills().get(i) == Filling.LINEAR) {
                text.append("; ")
                        .append(fill.fills().get(i).name().toLowerCase(Locale.ROOT))
                        .append(" ")
                        .append(over.column(i));
            }
        }
        return text.append("]").toString();
    }

    private static String hashJoin(HashJoin join) {
        StringBuilder text = new StringBuilder("HashJoin [" + join.type());
        ExpressionText left = over(join.left());
        ExpressionText right = over(join.right());
        for (int i = 0; i < join.leftKeys().size(); i++) {
            String sign = join.nullSafe().get(i) ? " IS NOT DISTINCT FROM " : " = ";
            text.append(i == 0 ? "; " : ", ");
            text.append(left.of(join.leftKeys().get(i)))
                    .append(sign)
                    .append(right.of(join.rightKeys().get(i)));
        }
        if (join.residual() != null) {
            text.append("; ").append(overBoth(join.left(), join.right()).of(join.residual()));
        }
        for (JoinFilter filter : JoinFilter.of(join)) {
            text.append("; filters ").append(filter.scan().table().name());
            text.append(" by ").append(over(filter.scan()).list(filter.columns()));
        }
        return text.append("]").toString();
    }

    private static String asofJoin(AsofJoin join) {
        ExpressionText left = over(join.left());
        ExpressionText right = over(join.right());
        StringBuilder text = new StringBuilder(join.keepUnmatched() ? "AsofJoin [LEFT; " : "AsofJoin [INNER; ");
        for (int i = 0; i < join.leftKeys().size(); i++) {
            text.append(left.of(join.leftKeys().get(i))).append(" = ");
            text.append(right.of(join.rightKeys().get(i))).append(", ");
        }
        text.append(left.of(join.leftTime()))
                .append(" ")
                .append(join.operator() == null ? "NEAREST" : join.operator().sign())
                .append(" ");
        text.append(right.of(join.rightTime()));
        if (join.tolerance() != null) {
            text.append(" TOLERANCE ").append(left.of(join.tolerance()));
        }
        if (join.rightSequence() >= 0) {
            text.append("; ties by ").append(right.column(join.rightSequence()));
        }
        return text.append("]").toString();
    }

    private static String windowJoin(WindowJoin join) {
        ExpressionText left = over(join.left());
        ExpressionText right = over(join.right());
        WindowJoin.Window window = join.window();
        StringBuilder text = new StringBuilder("WindowJoin [");
        for (int i = 0; i < join.leftKeys().size(); i++) {
            text.append(left.of(join.leftKeys().get(i))).append(" = ");
            text.append(right.of(join.rightKeys().get(i))).append(", ");
        }
        text.append(left.of(window.start())).append(window.startIncluded() ? " <= " : " < ");
        text.append(right.of(window.rightTime())).append(window.endIncluded() ? " <= " : " < ");
        text.append(left.of(window.end()));
        if (window.prevailing()) {
            text.append(" and the prevailing row");
        }
        if (!join.aggregates().isEmpty()) {
            text.append("; ").append(calls(join.aggregates(), right));
        }
        if (window.rightSequence() >= 0) {
            text.append("; ties by ").append(right.column(window.rightSequence()));
        }
        return text.append("]").toString();
    }

    private static String window(Window window) {
        ExpressionText over = over(window.input());
        List<String> parts = new ArrayList<>();
        if (!window.partitionBy().isEmpty()) {
            parts.add("partition by "
                    + window.partitionBy().stream().map(over::column).collect(Collectors.joining(", ")));
        }
        if (!window.orderBy().isEmpty()) {
            parts.add("order by " + keys(window.orderBy(), over));
        }
        if (!window.ties().isEmpty()) {
            parts.add((window.orderBy().isEmpty() ? "in the order of " : "ties by ") + keys(window.ties(), over));
        }
        for (WindowCall call : window.calls()) {
            String name = call.aggregate() == null
                    ? call.kind().name().toLowerCase(Locale.ROOT)
                    : call.aggregate().name();
            String frame = usesFrame(call.kind()) ? " " + frame(call.frame(), over) : "";
            String arguments =
                    call.aggregate() != null && call.arguments().isEmpty() ? "*" : over.list(call.arguments());
            parts.add(name + "(" + arguments + ")" + (call.ignoreNulls() ? " IGNORE NULLS" : "") + frame);
        }
        return "Window [" + String.join("; ", parts) + "]";
    }

    private static boolean usesFrame(WindowCall.Kind kind) {
        return switch (kind) {
            case FIRST_VALUE, LAST_VALUE, NTH_VALUE, AGGREGATE -> true;
            default -> false;
        };
    }

    private static String frame(Frame frame, ExpressionText over) {
        String exclusion = frame.exclusion() == Exclusion.NONE
                ? ""
                : " EXCLUDE " + frame.exclusion().name().replace('_', ' ');
        return frame.unit() + " " + bound(frame.start(), over) + " TO " + bound(frame.end(), over) + exclusion;
    }

    private static String bound(Bound bound, ExpressionText over) {
        String offset = bound.offset() == null ? "" : over.of(bound.offset()) + " ";
        return offset + bound.kind().name().replace('_', ' ');
    }

    private static String calls(List<AggregateCall> calls, ExpressionText over) {
        return calls.stream().map(call -> call(call, over)).collect(Collectors.joining(", "));
    }

    private static String call(AggregateCall call, ExpressionText over) {
        boolean countsRows =
                call.arguments().isEmpty() && call.function().name().equals("count");
        String arguments = countsRows ? "*" : over.list(call.arguments());
        String filter = call.filter() == null ? "" : " FILTER (" + over.of(call.filter()) + ")";
        return call.function().name() + "(" + (call.distinct() ? "DISTINCT " : "") + arguments + ")" + filter;
    }

    private static String keys(List<SortKey> keys, ExpressionText over) {
        return keys.stream().map(key -> key(key, over)).collect(Collectors.joining(", "));
    }

    private static String key(SortKey key, ExpressionText over) {
        String nulls = key.nullsFirst() == key.descending() ? "" : key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST";
        return over.column(key.column()) + (key.descending() ? " DESC" : "") + nulls;
    }

    private static String bounds(@Nullable Expression offset, @Nullable Expression limit) {
        ExpressionText constants = new ExpressionText(List.of());
        List<String> parts = new ArrayList<>();
        if (limit != null) {
            parts.add("limit " + constants.of(limit));
        }
        if (offset != null) {
            parts.add("offset " + constants.of(offset));
        }
        return String.join(" ", parts);
    }

    private static String named(ExpressionText over, List<Expression> expressions, List<PlanColumn> columns) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            String text = over.of(expressions.get(i));
            String name = columns.get(i).name();
            parts.add(text.equalsIgnoreCase(name) ? text : text + " AS " + name);
        }
        return String.join(", ", parts);
    }

    private static String names(PhysicalPlan plan) {
        return plan.columns().stream().map(PlanColumn::name).collect(Collectors.joining(", "));
    }

    private static ExpressionText over(PhysicalPlan input) {
        return new ExpressionText(input.columns());
    }

    private static ExpressionText overBoth(PhysicalPlan left, PhysicalPlan right) {
        List<PlanColumn> columns = new ArrayList<>(left.columns());
        columns.addAll(right.columns());
        return new ExpressionText(columns);
    }
}
