package io.zeptodb.engine.sql.operator;

import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.util.Optionality;

/** NTILE. Calcite's takes a literal only, and promises a result where the number of buckets is NULL; ours takes question marks too. */
final class NtileFunction extends SqlAggFunction {
    static final NtileFunction INSTANCE = new NtileFunction();

    private NtileFunction() {
        super(
                "NTILE",
                null,
                SqlKind.NTILE,
                ReturnTypes.INTEGER_NULLABLE,
                null,
                OperandTypes.INTEGER,
                SqlFunctionCategory.NUMERIC,
                false,
                true,
                Optionality.FORBIDDEN);
    }

    @Override
    public boolean allowsFraming() {
        return false;
    }
}
