package io.zeptodb.engine.sql.operator;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Texts beside what is no text: a literal is read as what the others are, other texts are refused, for nobody knows before the run whether they can be read. */
public final class TextOperands {
    private TextOperands() {}

    /** Whether one of the values is a text that is no literal, and another a number, a truth value or an interval. */
    public static boolean meetOthers(SqlCallBinding binding, List<SqlNode> values) {
        boolean text = false;
        boolean other = false;
        for (SqlNode value : values) {
            RelDataType type = binding.getValidator().deriveType(binding.getScope(), value);
            text |= SqlTypeUtil.isCharacter(type) && !isConstant(value);
            other |= isOther(type);
        }
        return text && other;
    }

    /** Whether a value is a literal of text, or a subquery of nothing else. */
    public static boolean isConstant(SqlNode value) {
        SqlNode query = value.getKind() == SqlKind.SCALAR_QUERY ? ((SqlCall) value).operand(0) : value;
        return value instanceof SqlCharStringLiteral || isConstant(query, 0);
    }

    /** Whether a column of a query is nothing but literals. */
    public static boolean isConstant(SqlNode query, int column) {
        if (query instanceof SqlSelect select && column < select.getSelectList().size()) {
            return SqlUtil.stripAs(select.getSelectList().get(column)) instanceof SqlCharStringLiteral;
        }
        return query.getKind() == SqlKind.VALUES
                && ((SqlCall) query)
                        .getOperandList().stream()
                                .allMatch(row -> ((SqlCall) row).operand(column) instanceof SqlCharStringLiteral);
    }

    /** Whether texts are not compared with such a type. */
    public static boolean isOther(RelDataType type) {
        return SqlTypeUtil.isNumeric(type) || SqlTypeUtil.isBoolean(type) || SqlTypeUtil.isInterval(type);
    }
}
