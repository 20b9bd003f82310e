package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Recursion;
import io.zeptodb.engine.plan.PhysicalPlan.WorkingTable;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.Spool;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.schema.TransientTable;
import org.jspecify.annotations.Nullable;

/** WITH RECURSIVE. Calcite's spools, which keep rows between the rounds, are what the recursion does by itself. One statement. */
final class RecursionLowering {
    private final Lowering lowering;
    private final Map<String, WorkingTable> open = new HashMap<>();
    private int count;

    RecursionLowering(Lowering lowering) {
        this.lowering = lowering;
    }

    /** @param columns of both sides, as the union has them */
    PhysicalPlan recursion(RepeatUnion union, List<PlanColumn> columns) {
        List<PlanColumn> nullable = columns.stream()
                .map(column -> new PlanColumn(column.name(), column.type(), true))
                .toList();
        PhysicalPlan seed = side(union.getSeedRel(), nullable);
        int number = count++;
        String name = nameOf(union.getTransientTable());
        WorkingTable outer = open.put(name, new WorkingTable(number, nullable));
        PhysicalPlan step = side(union.getIterativeRel(), nullable);
        if (outer == null) {
            open.remove(name);
        } else {
            open.put(name, outer);
        }
        return new Recursion(number, seed, step, union.all, nullable);
    }

    private PhysicalPlan side(RelNode node, List<PlanColumn> columns) {
        RelNode below = node instanceof Spool spool ? spool.getInput() : node;
        PhysicalPlan plan = lowering.lower(below);
        return lowering.converted(plan, columns.stream().map(PlanColumn::type).toList());
    }

    /** The rows of the last round, in the types that the reader was promised; null when the table is another one. */
    @Nullable
    PhysicalPlan workingTable(TableScan scan, List<PlanColumn> promised) {
        RelOptTable table = scan.getTable();
        if (table.unwrap(TransientTable.class) == null) {
            return null;
        }
        WorkingTable working = open.get(nameOf(table));
        if (working == null) {
            throw Unsupported.construct("a query of WITH RECURSIVE that is read outside of itself here");
        }
        return lowering.converted(
                working, promised.stream().map(PlanColumn::type).toList());
    }

    private static String nameOf(@Nullable RelOptTable table) {
        if (table == null) {
            throw new IllegalStateException("a recursion without a working table");
        }
        List<String> names = table.getQualifiedName();
        return names.get(names.size() - 1);
    }
}
