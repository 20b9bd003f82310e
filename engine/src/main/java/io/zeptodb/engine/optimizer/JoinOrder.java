package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.optimizer.JoinSearch.Factor;
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
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Puts inner joins into the order that {@link JoinSearch} finds for what {@link RowEstimate} expects. On the way conditions with OR are taken
 * apart ({@link JoinDisjunction}), so that keys and filters in all their branches are seen.
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
        if (!isInner(node)) {
            return withReorderedInputs(node);
        }
        Cluster cluster = new Cluster();
        JoinTree written = collect((Join) node, cluster);
        if (cluster.leaves.size() > JoinSearch.MOST_RELATIONS) {
            return withReorderedInputs(node);
        }
        divide(cluster);
        JoinTree best = cluster.search().best();
        return !cluster.changed && best.equals(written) ? node : build(cluster, best);
    }

    private RelNode withReorderedInputs(RelNode node) {
        return RelInputs.rewrite(node, this::reorder);
    }

    private static boolean isInner(RelNode node) {
        return node instanceof Join join && join.getJoinType() == JoinRelType.INNER;
    }

    private record Leaf(RelNode node, ImmutableBitSet columns) {}

    /** Relations joined with each other, and the conditions over the columns of all of them. */
    private static final class Cluster {
        private final List<Leaf> leaves = new ArrayList<>();
        private final List<RexNode> conditions = new ArrayList<>();
        private int columns;
        private boolean changed;

        JoinSearch search() {
            List<RowEstimate> sizes =
                    leaves.stream().map(leaf -> RowEstimate.of(leaf.node)).toList();
            double[] rows = sizes.stream().mapToDouble(RowEstimate::rows).toArray();
            return new JoinSearch(rows, factors(sizes));
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

    /** Adds the relations and conditions of a join, and of the inner joins below it; gives the order in which they are written. */
    private JoinTree collect(Join join, Cluster cluster) {
        int offset = cluster.columns;
        List<JoinTree> sides = new ArrayList<>();
        for (RelNode input : List.of(join.getLeft(), join.getRight())) {
            if (isInner(input)) {
                sides.add(collect((Join) input, cluster));
                continue;
            }
            RelNode leaf = withReorderedInputs(input);
            cluster.changed |= leaf != input;
            int width = leaf.getRowType().getFieldCount();
            sides.add(new One(cluster.leaves.size()));
            cluster.leaves.add(new Leaf(leaf, ImmutableBitSet.range(cluster.columns, cluster.columns + width)));
            cluster.columns += width;
        }
        for (RexNode conjunct : RelOptUtil.conjunctions(join.getCondition())) {
            cluster.conditions.add(renumbered(conjunct, index -> index + offset));
        }
        return new Pair(sides.get(0), sides.get(1));
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
                cluster.leaves.set(i, new Leaf(filtered, leaf.columns));
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

    private RelNode build(Cluster cluster, JoinTree tree) {
        List<RexNode> waiting = new ArrayList<>(cluster.conditions);
        List<Integer> order = push(cluster, tree, waiting);
        int[] position = positions(order, cluster.columns);
        if (!waiting.isEmpty()) {
            // of no relation at all
            builder.filter(waiting);
        }
        List<RexNode> fields = new ArrayList<>();
        for (int column = 0; column < cluster.columns; column++) {
            fields.add(builder.field(position[column]));
        }
        return builder.project(fields).build();
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
        order.addAll(push(cluster, pair.right(), waiting));
        ImmutableBitSet there = ImmutableBitSet.of(order);
        int[] position = positions(order, cluster.columns);
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
