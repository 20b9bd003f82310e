package io.zeptodb.engine.sql.schema;

import com.google.common.collect.ImmutableList;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.TableStatistics;
import io.zeptodb.engine.sql.type.Types;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.jspecify.annotations.Nullable;

/** A table of the catalog in a relational tree: {@code scan.getTable().unwrap(ZeptoTable.class)}. */
public final class ZeptoTable extends AbstractTable {
    private final TableMetadata metadata;
    private final TableStatistics statistics;
    private final @Nullable String sequenceName;

    public ZeptoTable(TableMetadata metadata, TableStatistics statistics) {
        this(metadata, statistics, null);
    }

    /** @param sequenceName what the sequence of the rows is called, behind the table's columns; null where it is hidden, as to every query */
    public ZeptoTable(TableMetadata metadata, TableStatistics statistics, @Nullable String sequenceName) {
        this.metadata = metadata;
        this.statistics = statistics;
        this.sequenceName = sequenceName;
    }

    /** The name of the sequence, or null where it is hidden. */
    public @Nullable String sequenceName() {
        return sequenceName;
    }

    public TableMetadata metadata() {
        return metadata;
    }

    /** Rows at the time of planning, for the order of joins. */
    public long rowCount() {
        return statistics.rowCount(metadata);
    }

    /** Bounds of a column at the time of planning. */
    public ColumnStatistics bounds(int ordinal) {
        return statistics.column(metadata, ordinal);
    }

    /** Different values of a column at the time of planning, or -1. */
    public double distinct(int ordinal) {
        return statistics.distinct(metadata, ordinal);
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
        if (sequenceName != null) {
            row.add(sequenceName, Types.toCalcite(factory, ColumnType.BIGINT, false));
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
