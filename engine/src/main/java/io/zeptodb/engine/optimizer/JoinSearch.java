package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.optimizer.JoinTree.One;
import io.zeptodb.engine.optimizer.JoinTree.Pair;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cheapest order of joins. Costs count rows: those that are streamed, those that are put into a hash table, which costs more, and
 * those that come out. Of few relations every order is looked at (dynamic programming over sets); of many the two are joined, again and
 * again, whose join has the fewest rows. A cross product is made only of relations that no key joins, at the end. What only reduces rows, as the right
 * side of a semi join does, is joined by itself, at any time after the relations whose rows it reduces. Sets are bits of an int or long.
 */
final class JoinSearch {
    /** Sets of relations, each with its splits, are looked at: 3 to the power of this. */
    private static final int MOST_FOR_EVERY_ORDER = 9;

    /** Beyond this the written order is kept: sets are bits. */
    static final int MOST_RELATIONS = Long.SIZE - 1;

    private static final double BUILD = 2;
    /** An order must be so much cheaper than one found before it: what was written first stays when there is no difference. */
    private static final double CLEARLY = 0.999;

    private final double[] rows;
    private final List<Factor> factors;
    /** By relation; null for those whose columns come out. */
    private final @Nullable Reduction[] reductions;

    /**
     * What a condition leaves of all combinations.
     *
     * @param relations that it speaks of
     * @param selectivity part of the combinations that pass
     * @param key whether it joins two relations by a key
     */
    record Factor(long relations, double selectivity, boolean key) {}

    /**
     * A relation of which no column comes out: it reduces the rows of others.
     *
     * @param relation its number
     * @param reduced those others, at least one
     * @param kept part of their combinations that stays
     * @param key whether they are compared by a key
     */
    record Reduction(int relation, long reduced, double kept, boolean key) {}

    /** A join of some relations that was looked at. */
    private record Plan(long relations, JoinTree tree, double rows, double cost) {}

    /** @param rows of each relation */
    JoinSearch(double[] rows, List<Factor> factors, List<Reduction> reductions) {
        this.rows = rows;
        this.factors = factors;
        this.reductions = new Reduction[rows.length];
        reductions.forEach(each -> this.reductions[each.relation] = each);
    }

    JoinTree best() {
        return rows.length <= MOST_FOR_EVERY_ORDER ? every() : greedy();
    }

    private JoinTree every() {
        int all = (1 << rows.length) - 1;
        Plan[] best = new Plan[all + 1];
        for (int set = 1; set <= all; set++) {
            if (Integer.bitCount(set) == 1) {
                best[set] = one(Integer.numberOfTrailingZeros(set));
                continue;
            }
            double joinedRows = rowsOf(set);
            for (int left = -set & set; left != set; left = (left - set) & set) {
                Plan a = best[left];
                Plan b = best[set ^ left];
                Plan joined = a == null || b == null ? null : join(a, b, joinedRows);
                if (joined != null && (best[set] == null || joined.cost < best[set].cost * CLEARLY)) {
                    best[set] = joined;
                }
            }
        }
        return best[all].tree;
    }

    private JoinTree greedy() {
        List<Plan> plans = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            plans.add(one(i));
        }
        while (plans.size() > 1) {
            Plan best = null;
            for (Plan a : plans) {
                for (Plan b : plans) {
                    Plan joined = a.relations == b.relations ? null : join(a, b, rowsOf(a.relations | b.relations));
                    best = isBetter(joined, best) ? joined : best;
                }
            }
            if (best == null) {
                throw new IllegalStateException("no two of " + plans.size() + " relations can be joined");
            }
            long joined = best.relations;
            plans.removeIf(plan -> (plan.relations & joined) != 0);
            plans.add(best);
        }
        return plans.get(0).tree;
    }

    /** Fewer rows first, then the cheaper of the two sides to build. */
    private static boolean isBetter(@Nullable Plan plan, @Nullable Plan best) {
        if (plan == null || best == null) {
            return plan != null;
        }
        return plan.rows < best.rows * CLEARLY || (plan.rows <= best.rows / CLEARLY && plan.cost < best.cost * CLEARLY);
    }

    private Plan one(int relation) {
        return new Plan(1L << relation, new One(relation), rows[relation], 0);
    }

    /** Null where the two are to be joined with others first. */
    private @Nullable Plan join(Plan left, Plan right, double joinedRows) {
        if (reduction(left) != null) {
            return null;
        }
        Reduction reduction = reduction(right);
        if (reduction != null) {
            return (reduction.reduced & ~left.relations) == 0 ? reduced(left, right, reduction, joinedRows) : null;
        }
        boolean connected = false;
        boolean complete = true;
        for (Factor factor : factors) {
            if (factor.key) {
                boolean touchesLeft = (factor.relations & left.relations) != 0;
                boolean touchesRight = (factor.relations & right.relations) != 0;
                boolean inside = (factor.relations & ~(left.relations | right.relations)) == 0;
                connected |= touchesLeft && touchesRight && inside;
                complete &= inside || (!touchesLeft && !touchesRight);
            }
        }
        if (!connected && !complete) {
            return null;
        }
        double work = (connected ? left.rows : left.rows * right.rows) + right.rows * BUILD;
        return new Plan(
                left.relations | right.relations,
                new Pair(left.tree, right.tree),
                joinedRows,
                left.cost + right.cost + work + joinedRows);
    }

    private @Nullable Reduction reduction(Plan plan) {
        return Long.bitCount(plan.relations) == 1 ? reductions[Long.numberOfTrailingZeros(plan.relations)] : null;
    }

    private static Plan reduced(Plan left, Plan right, Reduction reduction, double joinedRows) {
        // either side may be the one that is built
        double byKey = Math.min(left.rows + right.rows * BUILD, right.rows + left.rows * BUILD);
        double work = reduction.key ? byKey : left.rows * right.rows;
        return new Plan(
                left.relations | right.relations,
                new Pair(left.tree, right.tree),
                joinedRows,
                left.cost + work + joinedRows);
    }

    private double rowsOf(long set) {
        double product = 1;
        for (int i = 0; i < rows.length; i++) {
            Reduction reduction = reductions[i];
            product *= (set >>> i & 1) == 0 ? 1 : reduction == null ? rows[i] : reduction.kept;
        }
        for (Factor factor : factors) {
            product *= (factor.relations & ~set) == 0 ? factor.selectivity : 1;
        }
        return Math.max(1, product);
    }
}
