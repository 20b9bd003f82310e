package io.zeptodb.engine.optimizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;

/** A full join on nothing, which is what UNION JOIN becomes, is the rows of one side and then those of the other. */
final class UnionJoins {
    /** Moves what is computed of both sides into them, where it is simpler: half of each row is NULL. */
    static final HepProgram PROJECTIONS_DOWN = RelationOptimizer.program(List.of(
            RelationOptimizer.plain(CoreRules.PROJECT_SET_OP_TRANSPOSE),
            RelationOptimizer.plain(CoreRules.PROJECT_MERGE)));

    private UnionJoins() {}

    static RelNode unite(RelNode node) {
        RelNode current = RelInputs.rewrite(node, UnionJoins::unite);
        boolean never = current instanceof Join join
                && join.getJoinType() == JoinRelType.FULL
                && join.getCondition().isAlwaysFalse();
        return never ? union((Join) current) : current;
    }

    private static RelNode union(Join join) {
        int leftCount = join.getLeft().getRowType().getFieldCount();
        RelNode left = padded(join, join.getLeft(), 0);
        RelNode right = padded(join, join.getRight(), leftCount);
        RelNode union = LogicalUnion.create(List.of(left, right), true);
        return RelOptUtil.createCastRel(union, join.getRowType(), true);
    }

    /** A side in the columns of the join: NULL where the other one's are. */
    private static RelNode padded(Join join, RelNode side, int from) {
        RexBuilder rex = join.getCluster().getRexBuilder();
        int count = side.getRowType().getFieldCount();
        List<RexNode> columns = new ArrayList<>();
        for (RelDataTypeField field : join.getRowType().getFieldList()) {
            int own = field.getIndex() - from;
            columns.add(own >= 0 && own < count ? rex.makeInputRef(side, own) : rex.makeNullLiteral(field.getType()));
        }
        return LogicalProject.create(side, List.of(), columns, join.getRowType().getFieldNames(), Set.of());
    }
}
