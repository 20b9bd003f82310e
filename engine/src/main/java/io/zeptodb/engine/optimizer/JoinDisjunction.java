package io.zeptodb.engine.optimizer;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/** What conditions of the form (a AND b) OR (a AND c) say of a join: a, which all branches have, and for each relation what every branch asks of it. */
final class JoinDisjunction {
    private final RexBuilder builder;

    JoinDisjunction(RexBuilder builder) {
        this.builder = builder;
    }

    /** The condition as conjuncts: what all branches of an OR have in common stands by itself. */
    List<RexNode> factors(RexNode condition) {
        return condition.getKind() == SqlKind.OR && RexUtil.isDeterministic(condition)
                ? RelOptUtil.conjunctions(RexUtil.pullFactors(builder, condition))
                : List.of(condition);
    }

    /**
     * What an OR implies of one relation: in each branch the conditions that speak of it alone.
     *
     * @return none when a branch has no such condition, else one
     */
    List<RexNode> implied(RexNode condition, ImmutableBitSet relation) {
        if (condition.getKind() != SqlKind.OR || !RexUtil.isDeterministic(condition)) {
            return List.of();
        }
        List<RexNode> branches = new ArrayList<>();
        for (RexNode branch : RelOptUtil.disjunctions(condition)) {
            List<RexNode> own = new ArrayList<>();
            for (RexNode conjunct : RelOptUtil.conjunctions(branch)) {
                ImmutableBitSet read = RelOptUtil.InputFinder.bits(conjunct);
                if (!read.isEmpty() && relation.contains(read)) {
                    own.add(conjunct);
                }
            }
            if (own.isEmpty()) {
                return List.of();
            }
            branches.add(RexUtil.composeConjunction(builder, own));
        }
        return List.of(RexUtil.composeDisjunction(builder, branches));
    }
}
