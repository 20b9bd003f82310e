package io.zeptodb.engine.sql.schema;

import com.google.common.collect.ImmutableList;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.sql.type.Types;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.jspecify.annotations.Nullable;

/**
 * Rows that the engine knows of itself: {@code scan.getTable().unwrap(SystemTable.class)}. With {@link #rows()} they are known when the
 * statement is planned (they change only with the catalog's version); without, the plan is a {@code SystemScan} of this name.
 */
public final class SystemTable extends AbstractTable {
    private static final double GUESSED_ROWS = 100;

    private final String name;
    private final List<PlanColumn> columns;
    private final @Nullable Supplier<List<List<@Nullable Object>>> source;
    private @Nullable List<List<@Nullable Object>> rows;

    /**
     * @param name e.g. {@code information_schema.tables} or {@code zepto_segments}
     * @param rows values as {@code Expression.Literal} has them, or null when only the engine knows them at run time
     */
    public SystemTable(String name, List<PlanColumn> columns, @Nullable List<List<@Nullable Object>> rows) {
        this(name, columns, rows, null);
    }

    private SystemTable(
            String name,
            List<PlanColumn> columns,
            @Nullable List<List<@Nullable Object>> rows,
            @Nullable Supplier<List<List<@Nullable Object>>> source) {
        this.name = name;
        this.columns = List.copyOf(columns);
        this.rows = rows;
        this.source = source;
    }

    /** @param source makes the rows, once, when they are read */
    static SystemTable of(String name, List<PlanColumn> columns, Supplier<List<List<@Nullable Object>>> source) {
        return new SystemTable(name, columns, null, source);
    }

    public String name() {
        return name;
    }

    public List<PlanColumn> columns() {
        return columns;
    }

    public @Nullable List<List<@Nullable Object>> rows() {
        if (rows == null && source != null) {
            rows = source.get();
        }
        return rows;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
        RelDataTypeFactory.Builder row = factory.builder();
        for (PlanColumn column : columns) {
            row.add(column.name(), Types.toCalcite(factory, column.type(), column.nullable()));
        }
        return row.build();
    }

    @Override
    public Statistic getStatistic() {
        return Statistics.of(rows == null ? GUESSED_ROWS : rows.size(), ImmutableList.of());
    }
}
