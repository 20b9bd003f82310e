package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlPrefixOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;

/** Operators that Calcite's parser does not know; each becomes a call of the registry's function. Called by the generated parser. */
public final class OperatorSyntax {
    private static final int AS_PLUS = 40;
    private static final int ABOVE_TIMES = 62;
    private static final int AS_SIGN = 80;

    /** {@code a | b}: bitor(a, b). */
    public static final SqlBinaryOperator BIT_OR = operator("|", AS_PLUS);

    /** {@code ts AT TIME ZONE zone}: timezone(zone, ts). */
    public static final SqlBinaryOperator AT_TIME_ZONE = operator("AT TIME ZONE", ABOVE_TIMES);

    /** {@code a >> n}: shiftright(a, n). */
    public static final SqlBinaryOperator SHIFT_RIGHT = operator(">>", AS_PLUS);

    /** {@code ~a}: bitnot(a). */
    public static final SqlPrefixOperator BIT_NOT =
            new SqlPrefixOperator("~", SqlKind.OTHER, AS_SIGN, ReturnTypes.ARG0_NULLABLE, null, OperandTypes.VARIADIC);

    private OperatorSyntax() {}

    /** The unit of {@code extract('unit' FROM x)}, from the quoted text. */
    public static SqlIntervalQualifier unit(String quoted, SqlParserPos position) {
        return new SqlIntervalQualifier(quoted.substring(1, quoted.length() - 1).trim(), position);
    }

    private static SqlBinaryOperator operator(String name, int precedence) {
        return new SqlBinaryOperator(
                name, SqlKind.OTHER, precedence, true, ReturnTypes.ARG0_NULLABLE, null, OperandTypes.VARIADIC);
    }
}
