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
 * a * b          scale s1 + s2; precision p1 + p2; beyond 38 digits the scale gives way, but not below 6
 * a / b          scale max(12, s1 + p2 + 1), less where the integer digits p1 - s1 + s2 need the room
 * a % b          scale max(s1, s2); integer digits of the narrower one
 * </pre>
 */
public final class DecimalRules {
    private static final int MOST = ColumnType.MAX_DECIMAL_PRECISION;
    private static final int LEAST_QUOTIENT_SCALE = 12;
    private static final int LEAST_CUT_SCALE = 6;

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

    public static ColumnType sum(ColumnType left, ColumnType right) {
        int scale = Math.max(left.scale(), right.scale());
        int whole = Math.max(left.precision() - left.scale(), right.precision() - right.scale());
        return ColumnType.decimal(Math.min(whole + scale + 1, MOST), scale);
    }

    public static ColumnType product(ColumnType left, ColumnType right) {
        int scale = left.scale() + right.scale();
        int precision = left.precision() + right.precision();
        if (precision <= MOST) {
            return ColumnType.decimal(precision, scale);
        }
        int room = MOST - (precision - scale);
        return ColumnType.decimal(MOST, Math.min(scale, Math.max(LEAST_CUT_SCALE, room)));
    }

    public static ColumnType quotient(ColumnType left, ColumnType right) {
        int whole = Math.min(left.precision() - left.scale() + right.scale(), MOST);
        int wanted = Math.max(LEAST_QUOTIENT_SCALE, left.scale() + right.precision() + 1);
        int scale = Math.min(wanted, MOST - whole);
        return ColumnType.decimal(Math.max(whole + scale, 1), scale);
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
        return ColumnType.decimal(Math.max(1, Math.min(whole + scale, MOST)), scale);
    }
}
