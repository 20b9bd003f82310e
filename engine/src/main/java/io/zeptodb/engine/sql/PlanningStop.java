package io.zeptodb.engine.sql;

import org.apache.calcite.rel.RelNode;

/** Lets planning be stopped: Calcite's planners of one statement carry it in their context. For one statement. */
public final class PlanningStop {
    private final Runnable stopCheck;

    /** @param stopCheck throws when the planning shall end; cheap */
    PlanningStop(Runnable stopCheck) {
        this.stopCheck = stopCheck;
    }

    /** @throws io.zeptodb.engine.api.EngineException the reason when the planning shall end */
    public void check() {
        stopCheck.run();
    }

    /** @throws io.zeptodb.engine.api.EngineException the reason when the planning that the relation belongs to shall end */
    public static void check(RelNode node) {
        node.getCluster()
                .getPlanner()
                .getContext()
                .maybeUnwrap(PlanningStop.class)
                .ifPresent(PlanningStop::check);
    }
}
