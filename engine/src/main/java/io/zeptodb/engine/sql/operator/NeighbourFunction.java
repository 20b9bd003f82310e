package io.zeptodb.engine.sql.operator;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.fun.SqlLeadLagAggFunction;

/** LAG and LEAD. With a default that is not NULL Calcite promises that the result is not either; but the neighbour's value may be NULL. */
final class NeighbourFunction extends SqlLeadLagAggFunction {
    static final NeighbourFunction LAG = new NeighbourFunction(SqlKind.LAG);
    static final NeighbourFunction LEAD = new NeighbourFunction(SqlKind.LEAD);

    private NeighbourFunction(SqlKind kind) {
        super(kind);
    }

    @Override
    public RelDataType inferReturnType(SqlOperatorBinding binding) {
        RelDataType type = super.inferReturnType(binding);
        return binding.getTypeFactory().createTypeWithNullability(type, true);
    }
}
