package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NumberText;
import io.zeptodb.engine.sql.type.Types;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/**
 * The results of CASE, or the operands of COALESCE: values of one kind. A text literal beside numbers, truths or times is read as one of them, as
 * everywhere; any other text is an error, for nothing becomes text by itself.
 */
final class Alternatives {
    private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "on", "1");
    private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "off", "0");
    private static final Set<String> NO_DIGITS = Set.of("nan", "infinity", "+infinity", "-infinity", "inf", "-inf");

    private final SqlValidator validator;
    private final SqlValidatorScope scope;

    Alternatives(SqlValidator validator, SqlValidatorScope scope) {
        this.validator = validator;
        this.scope = scope;
    }

    /** The same nodes, text literals replaced by what they stand for. */
    List<SqlNode> settle(List<SqlNode> nodes) {
        RelDataType other = null;
        SqlNode text = null;
        for (SqlNode node : nodes) {
            RelDataType type = validator.deriveType(scope, node);
            SqlTypeName name = type.getSqlTypeName();
            if (name == SqlTypeName.NULL || name == SqlTypeName.UNKNOWN) {
                continue;
            }
            if (!SqlTypeUtil.isCharacter(type)) {
                other = wider(other, type);
            } else if (!(node instanceof SqlCharStringLiteral)) {
                text = node;
            }
        }
        if (other == null) {
            return nodes;
        }
        if (text != null) {
            throw TableNames.at(
                    ErrorCode.DATATYPE_MISMATCH,
                    "values of CASE or COALESCE are of one kind: this is text, another one is " + Types.toEngine(other)
                            + "; cast one of them",
                    text.getParserPosition());
        }
        List<SqlNode> settled = new ArrayList<>();
        for (SqlNode node : nodes) {
            settled.add(node instanceof SqlCharStringLiteral literal ? read(literal, other) : node);
        }
        return settled;
    }

    private RelDataType wider(@Nullable RelDataType known, RelDataType next) {
        RelDataType both = known == null ? next : validator.getTypeFactory().leastRestrictive(List.of(known, next));
        // null: they have nothing in common, which Calcite says
        return both == null ? next : both;
    }

    private static SqlNode read(SqlCharStringLiteral literal, RelDataType type) {
        String text = literal.getValueAs(String.class).strip();
        SqlParserPos position = literal.getParserPosition();
        if (SqlTypeUtil.isNumeric(type)) {
            return number(literal, text, type);
        }
        if (SqlTypeUtil.isBoolean(type)) {
            String lower = text.toLowerCase(Locale.ROOT);
            if (TRUE.contains(lower) || FALSE.contains(lower)) {
                return SqlLiteral.createBoolean(TRUE.contains(lower), position);
            }
        }
        SqlNode constant = ImplicitCasts.constant(literal, type.getSqlTypeName());
        if (constant == null) {
            throw noValue(literal, type);
        }
        return constant;
    }

    private static SqlNode number(SqlCharStringLiteral literal, String text, RelDataType type) {
        SqlParserPos position = literal.getParserPosition();
        boolean isFloat = SqlTypeUtil.isApproximateNumeric(type);
        if (isFloat && NO_DIGITS.contains(text.toLowerCase(Locale.ROOT))) {
            return SqlStdOperatorTable.CAST.createCall(position, literal, SqlTypeUtil.convertTypeToSpec(type));
        }
        BigDecimal value;
        try {
            value = NumberText.parseDecimal(text);
        } catch (EngineException e) {
            throw noValue(literal, type);
        }
        boolean far = Math.abs((long) value.precision() - value.scale()) > NumberText.MOST_CHARACTERS;
        if (far && value.signum() != 0) {
            throw noValue(literal, type);
        }
        if (isFloat) {
            return SqlLiteral.createApproxNumeric(value.toString(), position);
        }
        boolean whole = value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
        if (SqlTypeUtil.isIntType(type) && !whole) {
            throw noValue(literal, type);
        }
        return SqlLiteral.createExactNumeric(value.toPlainString(), position);
    }

    private static RuntimeException noValue(SqlCharStringLiteral literal, RelDataType type) {
        return TableNames.at(
                ErrorCode.INVALID_TEXT,
                "'" + literal.getValueAs(String.class) + "' is not a value of type " + Types.toEngine(type),
                literal.getParserPosition());
    }
}
