package io.zeptodb.engine.sql.schema;

import com.google.common.collect.ImmutableList;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.sql.type.Types;
import java.util.function.ToLongFunction;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;

/** A table of the catalog in a relational tree: {@code scan.getTable().unwrap(ZeptoTable.class)}. */
public final class ZeptoTable extends AbstractTable {
    private final TableMetadata metadata;
    private final ToLongFunction<TableMetadata> rowCounts;

    public ZeptoTable(TableMetadata metadata, ToLongFunction<TableMetadata> rowCounts) {
        this.metadata = metadata;
        this.rowCounts = rowCounts;
    }

    public TableMetadata metadata() {
        return metadata;
    }

    /** Rows at the time of planning, for the order of joins. */
    public long rowCount() {
        return rowCounts.applyAsLong(metadata);
    }

    /** The engine's type of a column, SYMBOL included. */
    public ColumnType typeOf(int ordinal) {
        return metadata.schema().typeOf(ordinal);
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
        RelDataTypeFactory.Builder row = factory.builder();
        for (ColumnDefinition column : metadata.schema().columns()) {
            row.add(column.name(), Types.toCalcite(factory, column.type(), column.nullable()));
        }
        return row.build();
    }

    @Override
    public Statistic getStatistic() {
        return Statistics.of((double) rowCount(), ImmutableList.of());
    }

    @Override
    public Schema.TableType getJdbcTableType() {
        return Schema.TableType.TABLE;
    }
}
