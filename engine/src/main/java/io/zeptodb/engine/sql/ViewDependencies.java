package io.zeptodb.engine.sql;

import io.zeptodb.engine.catalog.ViewMetadata.Dependency;
import io.zeptodb.engine.sql.schema.ZeptoTable;
import io.zeptodb.engine.sql.schema.ZeptoView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The tables, views and columns that a tree reads, in which views stand for themselves. */
final class ViewDependencies extends RelVisitor {
    /** Ordinals by relation. */
    private final Map<String, Set<Integer>> used = new LinkedHashMap<>();

    private final Map<String, List<String>> columns = new LinkedHashMap<>();

    private ViewDependencies() {}

    /** @param tree of which columns that nobody needs were trimmed: a scan without a projection of columns right above it reads them all */
    static List<Dependency> of(RelNode tree) {
        ViewDependencies found = new ViewDependencies();
        found.go(tree);
        List<Dependency> dependencies = new ArrayList<>();
        found.used.forEach((relation, ordinals) -> {
            List<String> names = found.columns.getOrDefault(relation, List.of());
            dependencies.add(
                    new Dependency(relation, ordinals.stream().map(names::get).toList()));
        });
        return dependencies;
    }

    @Override
    public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
        if (node instanceof TableScan scan) {
            scan(scan, parent);
            return;
        }
        node.accept(new RexShuttle() {
            @Override
            public RexNode visitSubQuery(RexSubQuery query) {
                new Within().go(query.rel);
                return super.visitSubQuery(query);
            }
        });
        super.visit(node, ordinal, parent);
    }

    /** The tree of a subquery, whose scans are noted with the others. */
    private final class Within extends RelVisitor {
        @Override
        public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
            ViewDependencies.this.visit(node, ordinal, parent);
        }
    }

    private void scan(TableScan scan, @Nullable RelNode parent) {
        RelOptTable table = scan.getTable();
        ZeptoView view = table.unwrap(ZeptoView.class);
        ZeptoTable own = table.unwrap(ZeptoTable.class);
        if (view == null && own == null) {
            return; // of the engine's own, or the working table of a recursion
        }
        String name = view == null ? own.metadata().name() : view.metadata().name();
        columns.put(name, table.getRowType().getFieldNames());
        Set<Integer> ordinals = used.computeIfAbsent(name, key -> new TreeSet<>());
        if (parent instanceof Project project) {
            project.accept(new RexShuttle() {
                @Override
                public RexNode visitInputRef(RexInputRef reference) {
                    ordinals.add(reference.getIndex());
                    return reference;
                }
            });
        } else {
            for (int i = 0; i < table.getRowType().getFieldCount(); i++) {
                ordinals.add(i);
            }
        }
    }
}
