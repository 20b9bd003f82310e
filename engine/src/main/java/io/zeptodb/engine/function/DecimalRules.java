package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;

/**
 * The types of DECIMAL arithmetic: SQL's usual rules, limited to 38 digits. The one place that knows them: the kernels compute by
 * them and the type system of SQL asks them. Integers count as the narrowest DECIMAL that holds every one of their type. With p and s
 * for precision and scale:
 *
 * <pre>
 * a + b, a - b   scale max(s1, s2); one integer digit more than the wider one
 * a * b          scale s1 + s2; precision p1 + p2
 * a / b          scale max(12, s1 + p2 + 1), less where the integer digits p1 - s1 + s2 need the room, but not below max(12, s1, s2)
 * a % b          scale max(s1, s2); integer digits of the narrower one
 * </pre>
 *
 * Where 38 digits do not hold all that a type might need, the digits behind the point stay and those before it give way: a value
 * that is too large is an error when it comes, one that had lost digits would be wrong without a word.
 */
public final class DecimalRules {
    private static final int MOST = ColumnType.MAX_DECIMAL_PRECISION;
    private static final int LEAST_QUOTIENT_SCALE = 12;
    private static final int AVERAGE_EXTRA_DIGITS = 6;

    private DecimalRules() {}

    /** The DECIMAL that holds every value of a DECIMAL or integer type. */
    public static ColumnType decimalOf(ColumnType type) {
        return switch (type.kind()) {
            case TINYINT -> ColumnType.decimal(3, 0);
            case SMALLINT -> ColumnType.decimal(5, 0);
            case INTEGER -> ColumnType.decimal(10, 0);
            case BIGINT -> ColumnType.decimal(19, 0);
            default -> {
                if (type.kind() != TypeKind.DECIMAL) {
                    throw new IllegalArgumentException(type + " is not exact");
                }
                yield type;
            }
        };
    }

    /** The type that both go into. */
    public static ColumnType common(ColumnType left, ColumnType right) {
        return limited(mostWhole(left, right), Math.max(left.scale(), right.scale()));
    }

    public static ColumnType sum(ColumnType left, ColumnType right) {
        return limited(mostWhole(left, right) + 1, Math.max(left.scale(), right.scale()));
    }

    /** Of more than 38 digits behind the point 38 stay; the kernel refuses a product that needs more. */
    public static ColumnType product(ColumnType left, ColumnType right) {
        int scale = Math.min(left.scale() + right.scale(), MOST);
        return limited(left.precision() + right.precision() - scale, scale);
    }

    public static ColumnType quotient(ColumnType left, ColumnType right) {
        int whole = left.precision() - left.scale() + right.scale();
        int wanted = Math.max(LEAST_QUOTIENT_SCALE, left.scale() + right.precision() + 1);
        int least = Math.max(LEAST_QUOTIENT_SCALE, Math.max(left.scale(), right.scale()));
        return limited(whole, Math.max(least, Math.min(wanted, MOST - whole)));
    }

    /** AVG: six digits more behind the point; where the digits before it need the room, as many as a quotient has at least. */
    public static ColumnType average(ColumnType type) {
        int room = MOST - (type.precision() - type.scale());
        int scale = Math.min(type.scale() + AVERAGE_EXTRA_DIGITS, Math.max(LEAST_QUOTIENT_SCALE, room));
        return ColumnType.decimal(MOST, Math.max(type.scale(), scale));
    }

    private static int mostWhole(ColumnType left, ColumnType right) {
        return Math.max(left.precision() - left.scale(), right.precision() - right.scale());
    }

    private static ColumnType limited(int whole, int scale) {
        return ColumnType.decimal(Math.max(1, Math.min(whole + scale, MOST)), scale);
    }

    /**
     * What a DECIMAL that is rounded to so many places, known before the rows are, has left: no digits behind them.
     *
     * @param rounded the type when the places are not known
     */
    public static ColumnType rounded(ColumnType rounded, long places) {
        int scale = (int) Math.max(0, Math.min(places, rounded.scale()));
        return ColumnType.decimal(Math.max(1, rounded.precision() - rounded.scale() + scale), scale);
    }

    public static ColumnType remainder(ColumnType left, ColumnType right) {
        int scale = Math.max(left.scale(), right.scale());
        int whole = Math.min(left.precision() - left.scale(), right.precision() - right.scale());
        return limited(whole, scale);
    }
}
