package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.optimizer.JoinSearch.Factor;
import io.zeptodb.engine.optimizer.JoinSearch.Reduction;
import io.zeptodb.engine.optimizer.JoinTree.One;
import io.zeptodb.engine.optimizer.JoinTree.Pair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts inner joins, and the semi and anti joins among them, into the order that {@link JoinSearch} finds for what {@link RowEstimate} expects. On the
 * way conditions with OR are taken apart ({@link JoinDisjunction}), so that keys and filters in all their branches are seen.
 */
final class JoinOrder {
    private final RelBuilder builder;

    private JoinOrder(RelBuilder builder) {
        this.builder = builder;
    }

    static RelNode of(RelNode root, RelBuilder builder) {
        return new JoinOrder(builder).reorder(root);
    }

    private RelNode reorder(RelNode node) {
        if (!isJoined(node)) {
            return withReorderedInputs(node);
        }
        Cluster cluster = new Cluster();
        Collected written = collect(node, cluster);
        if (cluster.leaves.size() > JoinSearch.MOST_RELATIONS) {
            return withReorderedInputs(node);
        }
        divide(cluster);
        JoinTree best = cluster.hasChoice() ? cluster.search().best() : written.tree;
        return !cluster.changed && best.equals(written.tree) ? node : build(cluster, best, written.fields);
    }

    private RelNode withReorderedInputs(RelNode node) {
        return RelInputs.rewrite(node, this::reorder);
    }

    /** Whether a relation is a join whose place is searched for. */
    private static boolean isJoined(RelNode node) {
        return node instanceof Join join
                && (join.getJoinType() == JoinRelType.INNER || (isFilter(join) && readsLeft(join)));
    }

    /** Whether a join only chooses among its left rows: it may as well choose among those of the relations that its condition speaks of. */
    private static boolean isFilter(Join join) {
        return join.getJoinType() == JoinRelType.SEMI || join.getJoinType() == JoinRelType.ANTI;
    }

    private static boolean readsLeft(Join join) {
        int leftCount = join.getLeft().getRowType().getFieldCount();
        return RelOptUtil.InputFinder.bits(join.getCondition()).intersects(ImmutableBitSet.range(leftCount));
    }

    /** A projection that computes nothing, over such a join: conditions see through it. */
    private static boolean isSelection(RelNode node) {
        return node instanceof Project project
                && isJoined(project.getInput())
                && project.getProjects().stream().allMatch(JoinOrder::isColumnOrLiteral);
    }

    private static boolean isColumnOrLiteral(RexNode node) {
        RexNode plain =
                node.getKind() == SqlKind.CAST ? ((RexCall) node).getOperands().get(0) : node;
        return node instanceof RexInputRef || plain instanceof RexLiteral;
    }

    /** @param filter of what other relations it chooses rows; null for a relation whose columns come out */
    private record Leaf(
            RelNode node, ImmutableBitSet columns, @Nullable RowFilter filter) {}

    /**
     * A semi or anti join with a leaf.
     *
     * @param condition over the cluster's columns
     */
    private record RowFilter(JoinRelType type, RexNode condition) {}

    /**
     * A part of a cluster, as it was written.
     *
     * @param fields what its columns are over the cluster's
     */
    private record Collected(JoinTree tree, List<RexNode> fields) {}

    /** Relations joined with each other, and the conditions over the columns of all of them. */
    private static final class Cluster {
        private final List<Leaf> leaves = new ArrayList<>();
        private final List<RexNode> conditions = new ArrayList<>();
        private int columns;
        private boolean changed;

        /** Whether there is more than one order. */
        boolean hasChoice() {
            return leaves.size() > 2 || leaves.stream().allMatch(leaf -> leaf.filter == null);
        }

        JoinSearch search() {
            List<RowEstimate> sizes =
                    leaves.stream().map(leaf -> RowEstimate.of(leaf.node)).toList();
            double[] rows = sizes.stream().mapToDouble(RowEstimate::rows).toArray();
            List<Reduction> reductions = new ArrayList<>();
            for (int i = 0; i < leaves.size(); i++) {
                RowFilter filter = leaves.get(i).filter;
                if (filter != null) {
                    reductions.add(reduction(i, filter, sizes));
                }
            }
            return new JoinSearch(rows, factors(sizes), reductions);
        }

        /** What share a semi or anti join leaves of the combinations of rows of the relations that its condition speaks of. */
        private Reduction reduction(int relation, RowFilter filter, List<RowEstimate> sizes) {
            long reduced = relations(filter.condition) & ~(1L << relation);
            List<Integer> order = new ArrayList<>();
            RowEstimate left = null;
            for (int i = 0; i < leaves.size(); i++) {
                if ((reduced >>> i & 1) != 0) {
                    RowEstimate size = sizes.get(i);
                    left = left == null ? size : left.beside(size, left.rows() * size.rows());
                    order.addAll(leaves.get(i).columns.asList());
                }
            }
            order.addAll(leaves.get(relation).columns.asList());
            int[] position = positions(order, columns);
            List<RexNode> conditions =
                    RelOptUtil.conjunctions(renumbered(filter.condition, column -> position[column]));
            double kept = left == null ? 1 : RowEstimate.kept(filter.type, conditions, left, sizes.get(relation));
            return new Reduction(relation, reduced, kept, conditions.stream().anyMatch(Cluster::isKey));
        }

        /** Conditions by the relations that they join: several keys of the same two are one. */
        private List<Factor> factors(List<RowEstimate> sizes) {
            RowEstimate all = sizes.get(0);
            for (RowEstimate size : sizes.subList(1, sizes.size())) {
                all = all.beside(size, all.rows() * size.rows());
            }
            List<Factor> factors = new ArrayList<>();
            List<RexNode> rest = new ArrayList<>(conditions);
            while (!rest.isEmpty()) {
                long relations = relations(rest.get(0));
                List<RexNode> same = new ArrayList<>();
                rest.removeIf(condition -> relations(condition) == relations && same.add(condition));
                if (Long.bitCount(relations) == 2) {
                    factors.add(pair(relations, same, sizes));
                } else {
                    double selectivity = 1;
                    for (RexNode condition : same) {
                        selectivity *= Selectivity.of(condition, all);
                    }
                    factors.add(new Factor(relations, selectivity, false));
                }
            }
            return factors;
        }

        private Factor pair(long relations, List<RexNode> between, List<RowEstimate> sizes) {
            int first = Long.numberOfTrailingZeros(relations);
            int second = Long.SIZE - 1 - Long.numberOfLeadingZeros(relations);
            int start = leaves.get(first).columns.nth(0);
            int width = leaves.get(first).columns.cardinality();
            int secondStart = leaves.get(second).columns.nth(0);
            boolean key = false;
            List<RexNode> moved = new ArrayList<>();
            for (RexNode condition : between) {
                key |= isKey(condition);
                moved.add(renumbered(
                        condition, column -> column - (column >= secondStart ? secondStart - width : start)));
            }
            return new Factor(relations, RowEstimate.selectivity(moved, sizes.get(first), sizes.get(second)), key);
        }

        /** Whether a condition compares two relations for equality. */
        private static boolean isKey(RexNode condition) {
            return condition.getKind() == SqlKind.EQUALS || condition.getKind() == SqlKind.IS_NOT_DISTINCT_FROM;
        }

        private long relations(RexNode condition) {
            ImmutableBitSet read = RelOptUtil.InputFinder.bits(condition);
            long relations = 0;
            for (int i = 0; i < leaves.size(); i++) {
                relations |= read.intersects(leaves.get(i).columns) ? 1L << i : 0;
            }
            return relations;
        }
    }

    /** Adds the relations and conditions of a join, and of the joins below it that can change places with it. */
    private Collected collect(RelNode node, Cluster cluster) {
        if (isSelection(node)) {
            Collected input = collect(node.getInput(0), cluster);
            return new Collected(input.tree, over(((Project) node).getProjects(), input.fields));
        }
        if (!isJoined(node)) {
            return leaf(node, cluster);
        }
        Join join = (Join) node;
        Collected left = collect(join.getLeft(), cluster);
        Collected right = isFilter(join) ? leaf(join.getRight(), cluster) : collect(join.getRight(), cluster);
        List<RexNode> both = new ArrayList<>(left.fields);
        both.addAll(right.fields);
        JoinTree tree = new Pair(left.tree, right.tree);
        if (!isFilter(join)) {
            cluster.conditions.addAll(over(RelOptUtil.conjunctions(join.getCondition()), both));
            return new Collected(tree, both);
        }
        RexNode condition = over(List.of(join.getCondition()), both).get(0);
        int relation = ((One) right.tree).relation();
        Leaf leaf = cluster.leaves.get(relation);
        cluster.leaves.set(relation, new Leaf(leaf.node, leaf.columns, new RowFilter(join.getJoinType(), condition)));
        return new Collected(tree, left.fields);
    }

    private Collected leaf(RelNode node, Cluster cluster) {
        RelNode leaf = reorder(node);
        cluster.changed |= leaf != node;
        List<RexNode> fields = new ArrayList<>();
        leaf.getRowType()
                .getFieldList()
                .forEach(field -> fields.add(new RexInputRef(cluster.columns + field.getIndex(), field.getType())));
        ImmutableBitSet columns = ImmutableBitSet.range(cluster.columns, cluster.columns + fields.size());
        cluster.columns += fields.size();
        cluster.leaves.add(new Leaf(leaf, columns, null));
        return new Collected(new One(cluster.leaves.size() - 1), fields);
    }

    /** Expressions with each column replaced by what it is. */
    private static List<RexNode> over(List<RexNode> expressions, List<RexNode> fields) {
        return new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
                return fields.get(reference.getIndex());
            }
        }.visitList(expressions);
    }

    /** Takes conditions with OR apart, and moves what speaks of one relation into it. */
    private void divide(Cluster cluster) {
        JoinDisjunction disjunction = new JoinDisjunction(builder.getRexBuilder());
        List<RexNode> conditions = cluster.conditions.stream()
                .flatMap(condition -> disjunction.factors(condition).stream())
                .toList();
        cluster.changed |= !conditions.equals(cluster.conditions);
        cluster.conditions.clear();
        cluster.conditions.addAll(conditions);
        for (int i = 0; i < cluster.leaves.size(); i++) {
            Leaf leaf = cluster.leaves.get(i);
            List<RexNode> own = new ArrayList<>();
            for (RexNode condition : conditions) {
                ImmutableBitSet read = RelOptUtil.InputFinder.bits(condition);
                if (!read.isEmpty() && leaf.columns.contains(read)) {
                    own.add(condition);
                    cluster.conditions.remove(condition);
                } else if (read.intersects(leaf.columns)) {
                    own.addAll(disjunction.implied(condition, leaf.columns));
                }
            }
            if (!own.isEmpty()) {
                int start = leaf.columns.nth(0);
                builder.push(leaf.node);
                builder.filter(own.stream()
                        .map(each -> renumbered(each, column -> column - start))
                        .toList());
                RelNode filtered = RelationOptimizer.run(RelationOptimizer.PUSH_DOWN, builder.build());
                cluster.leaves.set(i, new Leaf(filtered, leaf.columns, leaf.filter));
                cluster.changed = true;
            }
        }
    }

    private static RexNode renumbered(RexNode node, IntUnaryOperator newIndex) {
        return node.accept(new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
                return new RexInputRef(newIndex.applyAsInt(reference.getIndex()), reference.getType());
            }
        });
    }

    /** @param fields what comes out, over the cluster's columns */
    private RelNode build(Cluster cluster, JoinTree tree, List<RexNode> fields) {
        List<RexNode> waiting = new ArrayList<>(cluster.conditions);
        List<Integer> order = push(cluster, tree, waiting);
        int[] position = positions(order, cluster.columns);
        if (!waiting.isEmpty()) {
            // of no relation at all
            builder.filter(waiting);
        }
        return builder.project(fields.stream()
                        .map(field -> renumbered(field, column -> position[column]))
                        .toList())
                .build();
    }

    /** Pushes the joins of a tree; gives the cluster's columns in the order in which they come out. */
    private List<Integer> push(Cluster cluster, JoinTree tree, List<RexNode> waiting) {
        if (tree instanceof One one) {
            Leaf leaf = cluster.leaves.get(one.relation());
            builder.push(leaf.node);
            return leaf.columns.asList();
        }
        Pair pair = (Pair) tree;
        List<Integer> order = new ArrayList<>(push(cluster, pair.left(), waiting));
        RowFilter filter = pair.right() instanceof One one ? cluster.leaves.get(one.relation()).filter : null;
        List<Integer> left = List.copyOf(order);
        order.addAll(push(cluster, pair.right(), waiting));
        ImmutableBitSet there = ImmutableBitSet.of(order);
        int[] position = positions(order, cluster.columns);
        if (filter != null) {
            builder.join(filter.type, renumbered(filter.condition, column -> position[column]));
            return left;
        }
        List<RexNode> ready = new ArrayList<>();
        for (RexNode condition : List.copyOf(waiting)) {
            if (there.contains(RelOptUtil.InputFinder.bits(condition))) {
                waiting.remove(condition);
                ready.add(renumbered(condition, column -> position[column]));
            }
        }
        builder.join(JoinRelType.INNER, ready);
        return order;
    }

    private static int[] positions(List<Integer> order, int columns) {
        int[] position = new int[columns];
        Arrays.fill(position, -1);
        for (int i = 0; i < order.size(); i++) {
            position[order.get(i)] = i;
        }
        return position;
    }
}
