package io.zeptodb.engine.sql.ast;

import java.math.BigInteger;
import java.util.Locale;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Numbers as PostgreSQL 16 writes them: 1_000, 0x1F, 0o17, 0b101. Called by the generated parser. */
public final class NumberSyntax {
    private static final int HEXADECIMAL = 16;
    private static final int OCTAL = 8;
    private static final int BINARY = 2;

    private NumberSyntax() {}

    /** The exact number of digits, one point at most, and underscores between digits. */
    public static SqlNumericLiteral decimal(String image, SqlParserPos position) {
        return SqlLiteral.createExactNumeric(image.replace("_", ""), position);
    }

    public static SqlNumericLiteral approximate(String image, SqlParserPos position) {
        return SqlLiteral.createApproxNumeric(image.replace("_", ""), position);
    }

    /** The integer of 0x, 0o or 0b and digits. */
    public static SqlNumericLiteral ofRadix(String image, SqlParserPos position) {
        String digits = image.replace("_", "").toLowerCase(Locale.ROOT);
        int radix = switch (digits.charAt(1)) {
            case 'x' -> HEXADECIMAL;
            case 'o' -> OCTAL;
            default -> BINARY;
        };
        return SqlLiteral.createExactNumeric(new BigInteger(digits.substring(2), radix).toString(), position);
    }
}
