package io.zeptodb.engine.sql;

import java.math.BigDecimal;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Casts that nobody wrote. Beyond Calcite's: a TIMESTAMP meets an integer as nanoseconds, and a text or integer constant that must be a date
 * or time becomes that constant here, to the nanosecond and with its position if it is none.
 */
final class ImplicitCasts extends TypeCoercionImpl {
    ImplicitCasts(RelDataTypeFactory typeFactory, SqlValidator validator) {
        super(typeFactory, validator);
    }

    @Override
    public @Nullable RelDataType commonTypeForBinaryComparison(@Nullable RelDataType a, @Nullable RelDataType b) {
        if (a != null && b != null) {
            RelDataType time = meetingTime(a, b);
            if (time == null) {
                time = meetingTime(b, a);
            }
            if (time != null) {
                return factory.createTypeWithNullability(time, a.isNullable() || b.isNullable());
            }
        }
        return super.commonTypeForBinaryComparison(a, b);
    }

    /** The first type when it is a date or time and the second can be read as one. */
    private static @Nullable RelDataType meetingTime(RelDataType time, RelDataType other) {
        boolean text = SqlTypeUtil.isDatetime(time) && SqlTypeUtil.isCharacter(other);
        boolean nanos = time.getSqlTypeName() == SqlTypeName.TIMESTAMP && SqlTypeUtil.isIntType(other);
        return text || nanos ? time : null;
    }

    @Override
    protected boolean coerceOperandType(
            @Nullable SqlValidatorScope scope, SqlCall call, int index, RelDataType targetType) {
        SqlNode constant = constant(call.getOperandList().get(index), targetType);
        if (constant != null) {
            call.setOperand(index, constant);
            updateInferredType(constant, factory.createTypeWithNullability(targetType, false));
            return true;
        }
        return super.coerceOperandType(scope, call, index, targetType);
    }

    @Override
    protected boolean coerceColumnType(
            @Nullable SqlValidatorScope scope, SqlNodeList nodes, int index, RelDataType targetType) {
        if (index < nodes.size()) {
            SqlNode constant = constant(nodes.get(index), targetType);
            if (constant != null) {
                nodes.set(index, constant);
                updateInferredType(constant, factory.createTypeWithNullability(targetType, false));
                return true;
            }
        }
        return super.coerceColumnType(scope, nodes, index, targetType);
    }

    private static @Nullable SqlNode constant(SqlNode node, RelDataType type) {
        return constant(node, type.getSqlTypeName());
    }

    /** A literal as a literal of the type, or null when it stays what it is. */
    static @Nullable SqlNode constant(SqlNode node, SqlTypeName type) {
        if (node instanceof SqlCharStringLiteral text && SqlTypeName.DATETIME_TYPES.contains(type)) {
            return TemporalLiterals.of(type, text.getValueAs(String.class), node.getParserPosition());
        }
        if (!(node instanceof SqlNumericLiteral number)) {
            return null;
        }
        boolean toDouble = type == SqlTypeName.DOUBLE || type == SqlTypeName.FLOAT;
        if (toDouble && number.isExact()) {
            return SqlLiteral.createApproxNumeric(number.toValue(), node.getParserPosition());
        }
        if (type == SqlTypeName.TIMESTAMP && number.isInteger()) {
            BigDecimal nanos = number.getValueAs(BigDecimal.class);
            return nanos.toBigInteger().bitLength() < Long.SIZE
                    ? TemporalLiterals.timestamp(nanos.longValue(), node.getParserPosition())
                    : null;
        }
        return null;
    }
}
