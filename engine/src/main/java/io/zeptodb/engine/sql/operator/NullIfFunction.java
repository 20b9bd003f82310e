package io.zeptodb.engine.sql.operator;

import io.zeptodb.engine.sql.type.Types;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** NULLIF as a call: Calcite's is a CASE that writes the first operand twice. Takes what {@code =} takes. */
final class NullIfFunction extends SqlFunction {
    static final NullIfFunction INSTANCE = new NullIfFunction();

    private NullIfFunction() {
        super(
                "NULLIF",
                SqlKind.NULLIF,
                ReturnTypes.ARG0_FORCE_NULLABLE,
                InferTypes.FIRST_KNOWN,
                new SameComparison(),
                SqlFunctionCategory.SYSTEM);
    }

    private static final class SameComparison implements SqlOperandTypeChecker {
        @Override
        public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
            RelDataType value = binding.getOperandType(0);
            RelDataType other = binding.getOperandType(1);
            boolean fits = value.getSqlTypeName() == SqlTypeName.NULL
                    || other.getSqlTypeName() == SqlTypeName.NULL
                    || (SqlTypeUtil.isCharacter(value) && SqlTypeUtil.isCharacter(other))
                    || SqlTypeUtil.equalSansNullability(binding.getTypeFactory(), value, other)
                    || areIntervalsOfOneKind(value, other)
                    || binding.getValidator().getTypeCoercion().commonTypeForBinaryComparison(value, other) != null;
            fits &= !TextOperands.meetOthers(binding, binding.operands());
            if (!fits && throwOnFailure) {
                throw binding.newValidationSignatureError();
            }
            return fits;
        }

        /** Of any units: of months, or of nanoseconds. */
        private static boolean areIntervalsOfOneKind(RelDataType value, RelDataType other) {
            return SqlTypeUtil.isInterval(value)
                    && SqlTypeUtil.isInterval(other)
                    && Types.toEngine(value).equals(Types.toEngine(other));
        }

        @Override
        public SqlOperandCountRange getOperandCountRange() {
            return SqlOperandCountRanges.of(2);
        }

        @Override
        public String getAllowedSignatures(SqlOperator operator, String name) {
            return "NULLIF(<COMPARABLE_TYPE>, <COMPARABLE_TYPE>)";
        }
    }
}
