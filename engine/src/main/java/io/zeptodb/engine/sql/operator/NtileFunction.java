package io.zeptodb.engine.sql.operator;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.fun.SqlNtileAggFunction;

/** NTILE. Calcite's takes a literal only, and promises a result where the number of buckets is NULL; ours takes a question mark too. */
final class NtileFunction extends SqlNtileAggFunction {
    static final NtileFunction INSTANCE = new NtileFunction();

    private NtileFunction() {}

    @Override
    public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
        return binding.operand(0) instanceof SqlDynamicParam || super.checkOperandTypes(binding, throwOnFailure);
    }

    @Override
    public RelDataType inferReturnType(SqlOperatorBinding binding) {
        RelDataType type = super.inferReturnType(binding);
        return binding.getTypeFactory().createTypeWithNullability(type, true);
    }
}
