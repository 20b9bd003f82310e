package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.ast.IntervalNanos;
import io.zeptodb.engine.sql.operator.TextOperands;
import io.zeptodb.engine.sql.type.Types;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDateLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;
import org.apache.calcite.util.DateString;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Casts that nobody wrote. Beyond Calcite's: a TIMESTAMP meets an integer as nanoseconds, and a text or integer constant that must be a date
 * or time becomes that constant here, to the nanosecond and with its position if it is none.
 */
final class ImplicitCasts extends TypeCoercionImpl {
    private static final int ELSE = 3;

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

    /** A difference of two times is a number of nanoseconds; compared with an interval it is one too. */
    @Override
    public boolean binaryComparisonCoercion(SqlCallBinding binding) {
        boolean changed = false;
        SqlCall call = binding.getCall();
        for (int i = 0; i < call.operandCount(); i++) {
            if (isDifference(binding, call.operand(i)) && meetsInterval(binding)) {
                SqlParserPos position = call.operand(i).getParserPosition();
                SqlNode interval = SqlStdOperatorTable.MULTIPLY.createCall(
                        position, IntervalNanos.literal(1, position), call.operand(i));
                validator.deriveType(binding.getScope(), interval);
                call.setOperand(i, interval);
                changed = true;
            }
        }
        refuseTexts(binding, call.getOperandList());
        return super.binaryComparisonCoercion(binding) || changed;
    }

    @Override
    public boolean inOperationCoercion(SqlCallBinding binding) {
        SqlNode value = binding.operand(0);
        SqlNode others = binding.operand(1);
        if (others instanceof SqlNodeList list) {
            for (SqlNode other : list) {
                refuseTexts(binding, List.of(value, other));
                refuseTimeBesideInterval(binding, value, other);
            }
        } else if (!(others instanceof SqlNodeList)) {
            refuseTexts(binding, value, others);
        }
        return super.inOperationCoercion(binding);
    }

    @Override
    public boolean quantifyOperationCoercion(SqlCallBinding binding) {
        if (!(binding.operand(1) instanceof SqlNodeList)) {
            refuseTexts(binding, binding.operand(0), binding.operand(1));
        }
        return super.quantifyOperationCoercion(binding);
    }

    /** Calcite takes a time for what is common to both. */
    private void refuseTimeBesideInterval(SqlCallBinding binding, SqlNode value, SqlNode other) {
        RelDataType type = validator.deriveType(binding.getScope(), value);
        RelDataType otherType = validator.deriveType(binding.getScope(), other);
        if ((SqlTypeUtil.isDatetime(type) && SqlTypeUtil.isInterval(otherType))
                || (SqlTypeUtil.isInterval(type) && SqlTypeUtil.isDatetime(otherType))) {
            throw mismatch(binding, List.of(type, otherType));
        }
    }

    /** Values beside the columns of a query. */
    private void refuseTexts(SqlCallBinding binding, SqlNode value, SqlNode query) {
        RelDataType columns = validator.deriveType(binding.getScope(), query);
        if (!columns.isStruct()) {
            return; // an array is no query, and refused for that
        }
        List<SqlNode> values = value.getKind() == SqlKind.ROW ? ((SqlCall) value).getOperandList() : List.of(value);
        int count = columns.getFieldCount();
        if (values.size() != count) {
            String what = value.getKind() == SqlKind.ROW ? "a row of " + values.size() + " values" : "one value";
            throw TableNames.at(
                    ErrorCode.DATATYPE_MISMATCH,
                    "'" + binding.getOperator().getName() + "' compares " + what + " with a query of " + count
                            + (count == 1 ? " column" : " columns"),
                    binding.getCall().getParserPosition());
        }
        for (int i = 0; i < count; i++) {
            RelDataType type = validator.deriveType(binding.getScope(), values.get(i));
            RelDataType column = columns.getFieldList().get(i).getType();
            boolean text = SqlTypeUtil.isCharacter(type) && !TextOperands.isConstant(values.get(i));
            boolean textColumn = SqlTypeUtil.isCharacter(column) && !TextOperands.isConstant(query, i);
            if ((text && TextOperands.isOther(column)) || (textColumn && TextOperands.isOther(type))) {
                throw mismatch(binding, List.of(type, column));
            }
        }
    }

    /** Values beside each other, or rows beside each other, whose values are. */
    private void refuseTexts(SqlCallBinding binding, List<SqlNode> values) {
        if (values.stream().allMatch(value -> value.getKind() == SqlKind.ROW)) {
            int size = values.stream()
                    .mapToInt(row -> ((SqlCall) row).operandCount())
                    .min()
                    .orElse(0);
            for (int i = 0; i < size; i++) {
                int column = i;
                refuseTexts(
                        binding,
                        values.stream()
                                .<SqlNode>map(row -> ((SqlCall) row).operand(column))
                                .toList());
            }
        } else if (TextOperands.meetOthers(binding, values)) {
            throw mismatch(
                    binding,
                    values.stream()
                            .map(value -> validator.deriveType(binding.getScope(), value))
                            .toList());
        }
    }

    private static EngineException mismatch(SqlCallBinding binding, List<RelDataType> types) {
        String operator = binding.getOperator().getName().replace(" ASYMMETRIC", "");
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < types.size(); i++) {
            boolean bound = i > 1 && binding.getCall().getKind() == SqlKind.BETWEEN;
            shown.append(i == 0 ? "" : bound ? " AND " : " " + operator + " ").append(Types.toEngine(types.get(i)));
        }
        return TableNames.at(
                ErrorCode.DATATYPE_MISMATCH,
                "'" + operator + "' does not take these types: " + shown + "; cast one of them",
                binding.getCall().getParserPosition());
    }

    /** A boolean is no number: Calcite would cast it to one, and trips over its own assertion when it has no type yet. */
    @Override
    protected boolean booleanEquality(SqlCallBinding binding, RelDataType left, RelDataType right) {
        return false;
    }

    /** A sign before a text, which Calcite would read as a number. */
    @Override
    public @Nullable RelDataType implicitCast(RelDataType in, SqlTypeFamily expected) {
        boolean reads = SqlTypeUtil.isCharacter(in)
                && SqlTypeFamily.NUMERIC.getTypeNames().containsAll(expected.getTypeNames());
        return reads ? null : super.implicitCast(in, expected);
    }

    private static boolean meetsInterval(SqlCallBinding binding) {
        for (int i = 0; i < binding.getOperandCount(); i++) {
            if (SqlTypeName.DAY_INTERVAL_TYPES.contains(
                    binding.getOperandType(i).getSqlTypeName())) {
                return true;
            }
        }
        return false;
    }

    private boolean isDifference(SqlCallBinding binding, SqlNode node) {
        if (node.getKind() != SqlKind.MINUS) {
            return false;
        }
        SqlValidatorScope scope = binding.getScope();
        for (SqlNode operand : ((SqlCall) node).getOperandList()) {
            if (!SqlTypeUtil.isDatetime(validator.deriveType(scope, operand))) {
                return false;
            }
        }
        // of two dates it is a number of days
        return validator.deriveType(scope, node).getSqlTypeName() == SqlTypeName.BIGINT;
    }

    @Override
    public boolean caseWhenCoercion(SqlCallBinding binding) {
        SqlCase choice = (SqlCase) binding.getCall();
        List<SqlNode> results = new ArrayList<>(choice.getThenOperands().getList());
        results.add(Objects.requireNonNull(choice.getElseOperand()));
        List<SqlNode> settled = alternatives(binding).settle(results);
        for (int i = 0; i < settled.size() - 1; i++) {
            choice.getThenOperands().set(i, settled.get(i));
        }
        choice.setOperand(ELSE, settled.get(settled.size() - 1));
        return super.caseWhenCoercion(binding) || !settled.equals(results);
    }

    @Override
    public boolean caseOrEquivalentCoercion(SqlCallBinding binding) {
        SqlCall call = binding.getCall();
        if (call.getKind() != SqlKind.COALESCE) {
            return super.caseOrEquivalentCoercion(binding);
        }
        List<SqlNode> operands = List.copyOf(call.getOperandList());
        List<SqlNode> settled = alternatives(binding).settle(operands);
        for (int i = 0; i < settled.size(); i++) {
            call.setOperand(i, settled.get(i));
        }
        return super.caseOrEquivalentCoercion(binding) || !settled.equals(operands);
    }

    private Alternatives alternatives(SqlCallBinding binding) {
        return new Alternatives(validator, binding.getScope());
    }

    /** Text beside times is what a literal is: read as a time. Whether it is a literal, {@link #rowTypeCoercion} asks. */
    @Override
    public @Nullable RelDataType getWiderTypeFor(List<RelDataType> types, boolean stringPromotion) {
        List<RelDataType> known = types.stream()
                .filter(type -> type.getSqlTypeName() != SqlTypeName.NULL)
                .toList();
        List<RelDataType> times = known.stream().filter(SqlTypeUtil::isDatetime).toList();
        boolean othersAreText =
                known.stream().allMatch(type -> SqlTypeUtil.isDatetime(type) || SqlTypeUtil.isCharacter(type));
        if (times.isEmpty() || times.size() == known.size() || !othersAreText) {
            return super.getWiderTypeFor(types, stringPromotion);
        }
        RelDataType time = factory.leastRestrictive(times);
        return time == null
                ? super.getWiderTypeFor(types, stringPromotion)
                : factory.createTypeWithNullability(time, types.stream().anyMatch(RelDataType::isNullable));
    }

    @Override
    protected boolean coerceOperandType(
            @Nullable SqlValidatorScope scope, SqlCall call, int index, RelDataType targetType) {
        SqlNode operand = call.getOperandList().get(index);
        SqlNode constant = isComparison(call) ? bound(operand, targetType) : constant(operand, targetType);
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
            SqlNode constant = bound(nodes.get(index), targetType);
            if (constant != null) {
                nodes.set(index, constant);
                updateInferredType(constant, factory.createTypeWithNullability(targetType, false));
                return true;
            }
        }
        return super.coerceColumnType(scope, nodes, index, targetType);
    }

    /** Queries of a set operation, and both sides of IN, have columns of one kind: nothing becomes text by itself. */
    @Override
    public boolean rowTypeCoercion(
            @Nullable SqlValidatorScope scope, SqlNode query, int columnIndex, RelDataType targetType) {
        SqlValidatorNamespace namespace = validator.getNamespace(query);
        if (namespace != null) {
            RelDataType type =
                    namespace.getRowType().getFieldList().get(columnIndex).getType();
            boolean read = SqlTypeUtil.isCharacter(type)
                    && SqlTypeUtil.isDatetime(targetType)
                    && !TextOperands.isConstant(query, columnIndex);
            if (read || !canMeet(type, targetType)) {
                throw TableNames.at(
                        ErrorCode.DATATYPE_MISMATCH,
                        "column " + (columnIndex + 1) + " is " + Types.toEngine(type) + " here and "
                                + (SqlTypeUtil.isCharacter(targetType) ? "text" : Types.toEngine(targetType))
                                + " in the other query: cast one of them",
                        MixedValues.place(query, columnIndex));
            }
            if (validator instanceof StatementValidator statement) {
                statement.recursions().check(query, columnIndex, type, targetType);
            }
            // a cast says nothing of NULL: the converter asserts that a column is as nullable as it was validated
            RelDataType target = factory.createTypeWithNullability(targetType, type.isNullable());
            if (query.isA(SqlKind.SET_QUERY) && type.equals(target)) {
                return false; // its queries met when it was validated: a chain of n would be gone over n times
            }
            return super.rowTypeCoercion(scope, query, columnIndex, target);
        }
        return super.rowTypeCoercion(scope, query, columnIndex, targetType);
    }

    private static boolean canMeet(RelDataType type, RelDataType target) {
        if (type.getSqlTypeName() == SqlTypeName.NULL) {
            return true;
        }
        boolean timeAndNumber = (SqlTypeUtil.isNumeric(type) && SqlTypeUtil.isDatetime(target))
                || (SqlTypeUtil.isDatetime(type) && SqlTypeUtil.isNumeric(target));
        return !timeAndNumber && (SqlTypeUtil.isCharacter(type) || !SqlTypeUtil.isCharacter(target));
    }

    static boolean isComparison(SqlCall call) {
        return call.isA(SqlKind.COMPARISON)
                || call.getKind() == SqlKind.BETWEEN
                || call.getKind() == SqlKind.IN
                || call.getKind() == SqlKind.NOT_IN;
    }

    /** A literal as one of the type, where it is compared: a time beyond all others is a bound too. */
    private static @Nullable SqlNode bound(SqlNode node, RelDataType type) {
        SqlTypeName name = type.getSqlTypeName();
        if (node instanceof SqlCharStringLiteral text && name == SqlTypeName.TIMESTAMP) {
            return TemporalLiterals.bound(name, text.getValueAs(String.class), node.getParserPosition());
        }
        if (node instanceof SqlDateLiteral date && name == SqlTypeName.TIMESTAMP) {
            String text = date.getValueAs(DateString.class).toString();
            return TemporalLiterals.bound(name, text, node.getParserPosition());
        }
        return constant(node, type);
    }

    private static @Nullable SqlNode constant(SqlNode node, RelDataType type) {
        return constant(node, type.getSqlTypeName());
    }

    /** A literal as a literal of the type, or null when it stays what it is. */
    static @Nullable SqlNode constant(SqlNode node, SqlTypeName type) {
        if (node instanceof SqlCharStringLiteral text && SqlTypeName.DATETIME_TYPES.contains(type)) {
            return TemporalLiterals.of(type, text.getValueAs(String.class), node.getParserPosition());
        }
        boolean toFloat = type == SqlTypeName.DOUBLE || type == SqlTypeName.FLOAT || type == SqlTypeName.REAL;
        if (toFloat && node.getKind() == SqlKind.MINUS_PREFIX) {
            // -0.0, for no literal but a zero is left behind a sign
            SqlNode zero = ((SqlCall) node).operand(0);
            return zero instanceof SqlNumericLiteral exact && exact.isExact()
                    ? SqlStdOperatorTable.UNARY_MINUS.createCall(
                            node.getParserPosition(), SqlLiteral.createApproxNumeric("0e0", node.getParserPosition()))
                    : null;
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
