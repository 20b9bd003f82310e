package io.zeptodb.engine.sql;

import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;

/** Goes over a converted tree, subqueries inside of expressions too, from the leaves up. For one statement. */
abstract class RelationRewrite extends RelHomogeneousShuttle {
    private final RexShuttle subqueries = new RexShuttle() {
        @Override
        public RexNode visitSubQuery(RexSubQuery query) {
            RexSubQuery visited = (RexSubQuery) super.visitSubQuery(query);
            RelNode rel = visited.rel.accept(RelationRewrite.this);
            return rel == visited.rel ? visited : visited.clone(rel);
        }
    };

    @Override
    public final RelNode visit(RelNode node) {
        return replace(visitChildren(node).accept(subqueries));
    }

    /** What stands for the node, whose inputs were visited. */
    abstract RelNode replace(RelNode node);
}
