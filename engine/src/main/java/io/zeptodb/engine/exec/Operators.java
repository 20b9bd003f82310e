package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.PhysicalPlan;

/**
 * From plan records to running operators: the one place that knows which class runs which record. Operators open their own inputs
 * through here.
 */
public final class Operators {
    private Operators() {}

    /**
     * Opens the operator of a plan and, below it, those of its inputs. The caller closes it.
     *
     * @throws EngineException FEATURE_NOT_SUPPORTED when no operator runs this record
     */
    public static Operator open(PhysicalPlan plan, ExecutionContext context) {
        // one line for each record; Java 17 has no switch over sealed types
        if (plan instanceof PhysicalPlan.TableScan scan) {
            return new TableScanOperator(scan, context);
        }
        if (plan instanceof PhysicalPlan.Filter filter) {
            return new FilterOperator(filter, context);
        }
        if (plan instanceof PhysicalPlan.Project project) {
            return new ProjectOperator(project, context);
        }
        if (plan instanceof PhysicalPlan.Limit limit) {
            return new LimitOperator(limit, context);
        }
        if (plan instanceof PhysicalPlan.Values values) {
            return new ValuesOperator(values, context);
        }
        if (plan instanceof PhysicalPlan.SystemScan scan) {
            return new SystemScanOperator(scan, context);
        }
        throw new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "no operator runs a plan of kind " + plan.getClass().getSimpleName());
    }
}
