package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NumberText;
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

    /** Of an exponent: more are far outside of every type, and a number of so many digits is not to be written out by any step of the planning. */
    private static final int MOST_EXPONENT_DIGITS = 4;

    private NumberSyntax() {}

    /** Before anything reads the digits: Java's time for that grows with the square of their number. */
    private static void checkLength(String image, SqlParserPos position) {
        if (image.length() > NumberText.MOST_CHARACTERS) {
            throw error(
                    "number " + image + " is out of range: it has " + image.length()
                            + " characters, a number has at most " + NumberText.MOST_CHARACTERS,
                    position);
        }
    }

    private static EngineException error(String message, SqlParserPos position) {
        return new EngineException(
                ErrorCode.NUMERIC_OUT_OF_RANGE, message, position.getLineNum(), position.getColumnNum(), null);
    }

    /** The exact number of digits, one point at most, and underscores between digits. */
    public static SqlNumericLiteral decimal(String image, SqlParserPos position) {
        checkLength(image, position);
        return SqlLiteral.createExactNumeric(image.replace("_", ""), position);
    }

    public static SqlNumericLiteral approximate(String image, SqlParserPos position) {
        checkLength(image, position);
        String number = image.replace("_", "").toUpperCase(Locale.ROOT);
        String exponent = number.substring(number.indexOf('E') + 1).replaceFirst("^[+-]?0*", "");
        if (exponent.length() > MOST_EXPONENT_DIGITS) {
            if (isZero(number)) {
                return SqlLiteral.createApproxNumeric("0E0", position);
            }
            throw error("number " + number + " is out of range", position);
        }
        return SqlLiteral.createApproxNumeric(number, position);
    }

    /** Whether there is no digit but 0 before the exponent, so that this does not matter. */
    private static boolean isZero(String number) {
        for (int i = 0; number.charAt(i) != 'E'; i++) {
            if (number.charAt(i) != '0' && number.charAt(i) != '.') {
                return false;
            }
        }
        return true;
    }

    /** The integer of 0x, 0o or 0b and digits. */
    public static SqlNumericLiteral ofRadix(String image, SqlParserPos position) {
        checkLength(image, position);
        String digits = image.replace("_", "").toLowerCase(Locale.ROOT);
        int radix = switch (digits.charAt(1)) {
            case 'x' -> HEXADECIMAL;
            case 'o' -> OCTAL;
            default -> BINARY;
        };
        return SqlLiteral.createExactNumeric(new BigInteger(digits.substring(2), radix).toString(), position);
    }
}
