package io.zeptodb.engine.optimizer;

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
 * Puts inner joins into the order of their sizes: the greatest relation comes first and is streamed, the others are built into hash tables one
 * after another, each time the one that leaves the fewest rows; a cross product only where no key joins.
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
        if (isInner(node)) {
            Cluster cluster = new Cluster();
            collect((Join) node, cluster);
            return cluster.inOrder() ? node : build(cluster);
        }
        return withReorderedInputs(node);
    }

    private RelNode withReorderedInputs(RelNode node) {
        return RelInputs.rewrite(node, this::reorder);
    }

    private static boolean isInner(RelNode node) {
        return node instanceof Join join && join.getJoinType() == JoinRelType.INNER;
    }

    /** Relations joined with each other, and the conditions over the columns of all of them. */
    private static final class Cluster {
        private final List<Leaf> leaves = new ArrayList<>();
        private final List<RexNode> conditions = new ArrayList<>();
        private int columns;
        private boolean changed;

        /** Whether the written order is the one to be chosen and nothing below has changed. */
        boolean inOrder() {
            return !changed && order().equals(leaves);
        }

        List<Leaf> order() {
            List<Leaf> rest = new ArrayList<>(leaves);
            Leaf first = rest.get(0);
            for (Leaf leaf : rest) {
                first = leaf.size.rows() > first.size.rows() ? leaf : first;
            }
            rest.remove(first);
            List<Leaf> order = new ArrayList<>(List.of(first));
            RowEstimate joined = first.size;
            ImmutableBitSet there = first.columns;
            while (!rest.isEmpty()) {
                Leaf next = next(rest, joined, there);
                joined = joined.joined(next.size, isConnected(next, there));
                there = there.union(next.columns);
                rest.remove(next);
                order.add(next);
            }
            return order;
        }

        private Leaf next(List<Leaf> candidates, RowEstimate joined, ImmutableBitSet there) {
            Leaf best = candidates.get(0);
            for (Leaf leaf : candidates) {
                boolean connected = isConnected(leaf, there);
                boolean bestConnected = isConnected(best, there);
                double rows = joined.joined(leaf.size, connected).rows();
                double bestRows = joined.joined(best.size, bestConnected).rows();
                if (connected == bestConnected ? rows < bestRows : connected) {
                    best = leaf;
                }
            }
            return best;
        }

        private boolean isConnected(Leaf leaf, ImmutableBitSet there) {
            for (RexNode condition : conditions) {
                ImmutableBitSet read = RelOptUtil.InputFinder.bits(condition);
                boolean key =
                        condition.getKind() == SqlKind.EQUALS || condition.getKind() == SqlKind.IS_NOT_DISTINCT_FROM;
                if (key
                        && read.intersects(leaf.columns)
                        && read.intersects(there)
                        && there.union(leaf.columns).contains(read)) {
                    return true;
                }
            }
            return false;
        }
    }

    private record Leaf(RelNode node, ImmutableBitSet columns, RowEstimate size) {}

    private void collect(Join join, Cluster cluster) {
        int offset = cluster.columns;
        for (RelNode input : List.of(join.getLeft(), join.getRight())) {
            if (isInner(input)) {
                collect((Join) input, cluster);
                continue;
            }
            RelNode leaf = withReorderedInputs(input);
            cluster.changed |= leaf != input;
            int width = leaf.getRowType().getFieldCount();
            cluster.leaves.add(new Leaf(
                    leaf, ImmutableBitSet.range(cluster.columns, cluster.columns + width), RowEstimate.of(leaf)));
            cluster.columns += width;
        }
        for (RexNode conjunct : RelOptUtil.conjunctions(join.getCondition())) {
            cluster.conditions.add(renumbered(conjunct, index -> index + offset));
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

    private RelNode build(Cluster cluster) {
        int[] position = new int[cluster.columns];
        Arrays.fill(position, -1);
        int width = 0;
        List<RexNode> waiting = new ArrayList<>(cluster.conditions);
        ImmutableBitSet there = ImmutableBitSet.of();
        for (Leaf leaf : cluster.order()) {
            for (int column : leaf.columns) {
                position[column] = width++;
            }
            there = there.union(leaf.columns);
            List<RexNode> ready = new ArrayList<>();
            for (RexNode condition : List.copyOf(waiting)) {
                if (there.contains(RelOptUtil.InputFinder.bits(condition))) {
                    waiting.remove(condition);
                    ready.add(renumbered(condition, column -> position[column]));
                }
            }
            boolean first = there.equals(leaf.columns);
            builder.push(leaf.node);
            if (first) {
                builder.filter(ready);
            } else {
                builder.join(JoinRelType.INNER, ready);
            }
        }
        List<RexNode> fields = new ArrayList<>();
        for (int column = 0; column < cluster.columns; column++) {
            fields.add(builder.field(position[column]));
        }
        return builder.project(fields).build();
    }
}
