package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import java.util.List;
import org.apache.calcite.plan.RelOptSamplingParameters;
import org.apache.calcite.rel.core.Sample;

/**
 * TABLESAMPLE is a filter by the rows' sequence numbers, which they have from their ingest on: so the same rows pass whatever the state of the
 * storage and the number of threads. BERNOULLI decides row by row, SYSTEM for some hundred neighbours by ingest together.
 */
final class SampleLowering {
    /** Rows that SYSTEM takes or leaves together. */
    private static final long SYSTEM_ROWS = 256;

    private final LoweringContext context;
    private final ScanPushdown pushdown;

    SampleLowering(LoweringContext context, ScanPushdown pushdown) {
        this.context = context;
        this.pushdown = pushdown;
    }

    PhysicalPlan lower(Sample sample, PhysicalPlan input) {
        TimeOrder order = TimeOrder.trace(input);
        if (order == null) {
            throw Unsupported.because("TABLESAMPLE of anything but the rows of one table", "sample the table itself");
        }
        RelOptSamplingParameters parameters = sample.getSamplingParameters();
        long seed = parameters.isRepeatable() ? parameters.getRepeatableSeed() : 0;
        FunctionLowering functions = new FunctionLowering(
                context, new ExpressionLowering(context, order.plan().columns()));
        Expression passes = functions.resolve(
                "sample_row",
                List.of(
                        new Column(order.sequence(), ColumnType.BIGINT),
                        new Literal(parameters.sampleRate.doubleValue(), ColumnType.DOUBLE),
                        new Literal(seed, ColumnType.BIGINT),
                        new Literal(parameters.isBernoulli() ? 1 : SYSTEM_ROWS, ColumnType.BIGINT)));
        PhysicalPlan sampled = order.plan() instanceof TableScan scan
                ? pushdown.filter(scan, passes)
                : new Filter(order.plan(), passes);
        int wanted = input.columns().size();
        return wanted == sampled.columns().size()
                ? sampled
                : new Project(sampled, Columns.references(input.columns()), input.columns());
    }
}
