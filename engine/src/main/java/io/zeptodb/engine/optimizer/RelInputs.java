package io.zeptodb.engine.optimizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.calcite.rel.RelNode;

/** The step all rewrites of a tree from its leaves up have in common. */
final class RelInputs {
    private RelInputs() {}

    /** The node over its inputs as the rewrite gives them: itself when all stay as they are. */
    static RelNode rewrite(RelNode node, UnaryOperator<RelNode> rewrite) {
        List<RelNode> inputs = new ArrayList<>();
        boolean changed = false;
        for (RelNode input : node.getInputs()) {
            RelNode rewritten = rewrite.apply(input);
            changed |= rewritten != input;
            inputs.add(rewritten);
        }
        return changed ? node.copy(node.getTraitSet(), inputs) : node;
    }
}
