package io.zeptodb.engine.sql.operator;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlNode;
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
            text |= SqlTypeUtil.isCharacter(type) && !(value instanceof SqlCharStringLiteral);
            other |= isOther(type);
        }
        return text && other;
    }

    /** Whether texts are not compared with such a type. */
    public static boolean isOther(RelDataType type) {
        return SqlTypeUtil.isNumeric(type) || SqlTypeUtil.isBoolean(type) || SqlTypeUtil.isInterval(type);
    }
}
