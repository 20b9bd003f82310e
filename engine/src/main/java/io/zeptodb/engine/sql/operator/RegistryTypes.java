package io.zeptodb.engine.sql.operator;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.DecimalRules;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.WindowFunction;
import io.zeptodb.engine.sql.type.Types;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlOperandTypeInference;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** The types of one function of the registry, in the three roles in which Calcite asks for them. */
final class RegistryTypes implements SqlReturnTypeInference, SqlOperandTypeChecker, SqlOperandTypeInference {
    private static final Set<String> ROUNDING = Set.of("round", "trunc");

    /** One type of each kind that a value can have. */
    private static final List<ColumnType> KINDS = List.of(
            ColumnType.BIGINT, ColumnType.DOUBLE, ColumnType.VARCHAR, ColumnType.BOOLEAN, ColumnType.TIMESTAMP_NS);

    private final FunctionDefinition definition;
    private final boolean strict;

    /** @param strict whether the result is NULL only when an argument is */
    RegistryTypes(FunctionDefinition definition, boolean strict) {
        this.definition = definition;
        this.strict = strict;
    }

    /** What the registry finds for some argument types. */
    private record Signature(List<ColumnType> parameters, ColumnType result) {}

    private @Nullable Signature resolve(List<ColumnType> arguments) {
        if (definition.scalar() != null) {
            ScalarFunction function = definition.scalar().resolve(arguments);
            return function == null ? null : new Signature(function.parameters(), function.result());
        }
        if (definition.aggregate() != null) {
            AggregateFunction function = definition.aggregate().resolve(arguments);
            return function == null ? null : new Signature(function.parameters(), function.result());
        }
        if (definition.window() != null) {
            WindowFunction function = definition.window().resolve(arguments);
            return function == null ? null : new Signature(function.parameters(), function.result());
        }
        return null;
    }

    @Override
    public RelDataType inferReturnType(SqlOperatorBinding binding) {
        List<ColumnType> arguments = new ArrayList<>();
        boolean nullable = !strict;
        for (RelDataType type : binding.collectOperandTypes()) {
            arguments.add(Types.toEngine(type));
            nullable |= type.isNullable();
        }
        Signature signature = resolve(arguments);
        if (signature == null) {
            throw undefined(arguments, SqlParserPos.ZERO);
        }
        return Types.toCalcite(binding.getTypeFactory(), result(signature, binding), nullable);
    }

    /** DECIMALs that are rounded to a number of places that is a literal lose the digits behind. */
    private ColumnType result(Signature signature, SqlOperatorBinding binding) {
        ColumnType result = signature.result();
        boolean rounds = ROUNDING.contains(definition.name())
                && result.kind() == TypeKind.DECIMAL
                && binding.getOperandCount() == 2
                && binding.isOperandLiteral(1, false);
        BigDecimal places = rounds ? binding.getOperandLiteralValue(1, BigDecimal.class) : null;
        return places == null ? result : DecimalRules.rounded(result, places.longValue());
    }

    @Override
    public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
        List<ColumnType> arguments = new ArrayList<>();
        for (int i = 0; i < binding.getOperandCount(); i++) {
            arguments.add(Types.toEngine(binding.getOperandType(i)));
        }
        boolean fits = resolve(arguments) != null;
        if (!fits && throwOnFailure) {
            throw undefined(arguments, binding.getCall().getParserPosition());
        }
        if (fits && definition.isWindow()) {
            WindowConstants.check(definition, arguments, binding);
        }
        return fits;
    }

    /** Gives question marks the types of the parameters they stand for, where these can be told. */
    @Override
    public void inferOperandTypes(SqlCallBinding binding, RelDataType returnType, RelDataType[] operandTypes) {
        List<ColumnType> arguments = new ArrayList<>();
        for (SqlNode operand : binding.operands()) {
            RelDataType type = binding.getValidator().deriveType(binding.getScope(), operand);
            arguments.add(type.getSqlTypeName() == SqlTypeName.UNKNOWN ? ColumnType.NULL : Types.toEngine(type));
        }
        Signature signature = isGuess(arguments) ? null : resolve(arguments);
        for (int i = 0; i < operandTypes.length && i < arguments.size(); i++) {
            ColumnType known = arguments.get(i);
            if (known.kind() == TypeKind.NULL
                    && signature != null
                    && i < signature.parameters().size()) {
                known = signature.parameters().get(i);
            }
            if (known.kind() != TypeKind.NULL) {
                operandTypes[i] = Types.toCalcite(binding.getTypeFactory(), known, true);
            }
        }
    }

    /**
     * Whether nothing but question marks is given and the function takes values of several kinds, such as texts and numbers: what is made
     * for one of them would give another answer, or none, for a value of the other. DOUBLE is no guess, for it takes every number.
     */
    private boolean isGuess(List<ColumnType> arguments) {
        Signature taken = resolve(arguments);
        if (taken == null || arguments.stream().anyMatch(type -> type.kind() != TypeKind.NULL)) {
            return false;
        }
        for (ColumnType kind : KINDS) {
            Signature other = resolve(Collections.nCopies(arguments.size(), kind));
            for (int i = 0; other != null && i < arguments.size(); i++) {
                ColumnType guessed = parameter(taken, i);
                ColumnType wanted = parameter(other, i);
                boolean numbers = guessed.kind().isFloat() && wanted.kind().isNumeric();
                if (!numbers && family(guessed.kind()) != family(wanted.kind())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static ColumnType parameter(Signature signature, int index) {
        return index < signature.parameters().size() ? signature.parameters().get(index) : ColumnType.NULL;
    }

    private static int family(TypeKind kind) {
        TypeKind first = kind.isInteger()
                ? TypeKind.BIGINT
                : kind.isFloat() ? TypeKind.DOUBLE : kind == TypeKind.DATE ? TypeKind.TIMESTAMP : kind;
        return kind.isText() ? TypeKind.VARCHAR.ordinal() : first.ordinal();
    }

    private EngineException undefined(List<ColumnType> arguments, SqlParserPos position) {
        String types =
                arguments.stream().map(ColumnType::toString).collect(Collectors.joining(isSign() ? " and " : ", "));
        return new EngineException(
                ErrorCode.UNDEFINED_FUNCTION,
                isSign()
                        ? "operator " + definition.name() + " does not take " + types + ": cast one of them"
                        : "function " + definition.name() + "(" + types + ") does not exist; " + definition.expected(),
                position.getLineNum(),
                position.getColumnNum(),
                null);
    }

    private boolean isSign() {
        return !Character.isLetter(definition.name().charAt(0));
    }

    @Override
    public SqlOperandCountRange getOperandCountRange() {
        return SqlOperandCountRanges.any();
    }

    @Override
    public String getAllowedSignatures(SqlOperator operator, String name) {
        return definition.signature();
    }
}
