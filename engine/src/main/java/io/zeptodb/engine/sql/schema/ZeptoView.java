package io.zeptodb.engine.sql.schema;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.sql.type.Types;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;

/** A view of the catalog: in a relational tree its query stands in its place, or, where the tree is only asked what it reads, itself. */
public final class ZeptoView extends AbstractTable implements TranslatableTable {
    private final ViewMetadata metadata;
    private final boolean expanded;

    /** @param expanded whether its query stands in its place */
    ZeptoView(ViewMetadata metadata, boolean expanded) {
        this.metadata = metadata;
        this.expanded = expanded;
    }

    public ViewMetadata metadata() {
        return metadata;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
        RelDataTypeFactory.Builder row = factory.builder();
        for (ColumnDefinition column : metadata.columns()) {
            row.add(column.name(), Types.toCalcite(factory, column.type(), column.nullable()));
        }
        return row.build();
    }

    @Override
    public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
        if (!expanded) {
            return LogicalTableScan.create(context.getCluster(), table, context.getTableHints());
        }
        RelRoot root = context.expandView(
                table.getRowType(), metadata.definition().query(), List.of(), List.of(metadata.name()));
        return RelOptUtil.createCastRel(root.project(), table.getRowType(), true);
    }

    @Override
    public Schema.TableType getJdbcTableType() {
        return metadata.materialized() ? Schema.TableType.MATERIALIZED_VIEW : Schema.TableType.VIEW;
    }
}
