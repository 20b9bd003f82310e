package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the time order of rows: the designated timestamp, then the sequence of ingest, both of the one table that the rows come from. What first(x),
 * ties of as-of joins and windows without ORDER BY go by.
 *
 * @param plan the traced plan with what was missing of the two columns behind its own
 * @param time index of the designated timestamp; the sequence where the table has none
 * @param sequence index of the sequence
 */
record TimeOrder(PhysicalPlan plan, int time, int sequence) {
    /** As partition's SegmentSnapshot.SEQUENCE names the hidden column. */
    static final int SEQUENCE_ORDINAL = -1;

    static final String SEQUENCE_NAME = "$sequence";

    /** The time order of a plan that is a table with filters and projections over it; null for others. */
    static @Nullable TimeOrder trace(PhysicalPlan plan) {
        if (plan instanceof TableScan scan) {
            return scan(scan);
        }
        if (plan instanceof Filter filter) {
            TimeOrder below = trace(filter.input());
            return below == null
                    ? null
                    : new TimeOrder(new Filter(below.plan, filter.condition()), below.time, below.sequence);
        }
        if (plan instanceof Project project) {
            TimeOrder below = trace(project.input());
            return below == null ? null : project(project, below);
        }
        return null;
    }

    /** The column of a plan that is the partition key of the one table below filters and projections; -1 when there is none. */
    static int keyColumn(PhysicalPlan plan) {
        if (plan instanceof TableScan scan) {
            int key = scan.table().schema().keyOrdinal();
            return key == TableSchema.NONE ? -1 : scan.ordinals().indexOf(key);
        }
        if (plan instanceof Filter filter) {
            return keyColumn(filter.input());
        }
        if (plan instanceof Project project) {
            int below = keyColumn(project.input());
            return below < 0
                    ? -1
                    : project.expressions()
                            .indexOf(new Column(
                                    below, project.input().columns().get(below).type()));
        }
        return -1;
    }

    private static TimeOrder scan(TableScan scan) {
        List<Integer> ordinals = new ArrayList<>(scan.ordinals());
        List<PlanColumn> columns = new ArrayList<>(scan.columns());
        TableSchema schema = scan.table().schema();
        int sequence = ordinals.indexOf(SEQUENCE_ORDINAL);
        int time = -1;
        if (schema.timestampOrdinal() != TableSchema.NONE) {
            time = ordinals.indexOf(schema.timestampOrdinal());
            if (time < 0) {
                time = ordinals.size();
                var column = schema.columns().get(schema.timestampOrdinal());
                ordinals.add(schema.timestampOrdinal());
                columns.add(new PlanColumn(column.name(), column.type(), column.nullable()));
            }
        }
        if (sequence < 0) {
            sequence = ordinals.size();
            ordinals.add(SEQUENCE_ORDINAL);
            columns.add(new PlanColumn(SEQUENCE_NAME, ColumnType.BIGINT, false));
        }
        TableScan extended =
                new TableScan(scan.table(), ordinals, scan.keys(), scan.timeBounds(), scan.filters(), columns);
        return new TimeOrder(extended, time < 0 ? sequence : time, sequence);
    }

    private static TimeOrder project(Project project, TimeOrder below) {
        List<Expression> expressions = new ArrayList<>(project.expressions());
        List<PlanColumn> columns = new ArrayList<>(project.columns());
        int time = add(below, below.time, expressions, columns);
        int sequence = add(below, below.sequence, expressions, columns);
        return new TimeOrder(new Project(below.plan, expressions, columns), time, sequence);
    }

    private static int add(TimeOrder below, int index, List<Expression> expressions, List<PlanColumn> columns) {
        PlanColumn column = below.plan.columns().get(index);
        Expression reference = new Column(index, column.type());
        int there = expressions.indexOf(reference);
        if (there >= 0) {
            return there;
        }
        expressions.add(reference);
        columns.add(column);
        return expressions.size() - 1;
    }
}
