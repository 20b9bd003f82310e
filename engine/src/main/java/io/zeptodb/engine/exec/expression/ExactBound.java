package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression.Comparator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * A comparison with a number that may be no value of the type, said with one that is: {@code i > 2.5} is {@code i > 2}, {@code i <
 * 3000000000} is {@code i <= 2147483647} for an INTEGER. Immutable.
 *
 * @param value in the representation of {@code Expression.Literal} for the type
 */
record ExactBound(Comparator operator, Object value) {
    static boolean takes(TypeKind kind) {
        return kind.isInteger() || kind == TypeKind.DECIMAL || kind == TypeKind.DOUBLE;
    }

    /** @param operator not one of those that know NULL */
    static ExactBound of(ColumnType type, Comparator operator, BigDecimal number) {
        if (type.kind() == TypeKind.DOUBLE) {
            return new ExactBound(operator, number.doubleValue());
        }
        int scale = type.kind() == TypeKind.DECIMAL ? type.scale() : 0;
        BigInteger least = least(type);
        BigInteger greatest = least.not();
        if (type.kind() == TypeKind.DECIMAL) {
            greatest = least.negate();
        }
        BigDecimal floor = number.setScale(scale, RoundingMode.FLOOR);
        BigInteger unscaled = floor.unscaledValue();
        if (unscaled.compareTo(least) < 0) {
            return new ExactBound(isLess(operator) ? Comparator.LESS : Comparator.GREATER_OR_EQUAL, value(type, least));
        }
        boolean beyond = unscaled.compareTo(greatest) > 0;
        if (!beyond && floor.compareTo(number) == 0) {
            return new ExactBound(operator, value(type, unscaled));
        }
        return switch (operator) {
            case EQUAL -> new ExactBound(Comparator.LESS, value(type, least));
            case NOT_EQUAL -> new ExactBound(Comparator.GREATER_OR_EQUAL, value(type, least));
            default ->
                new ExactBound(
                        isLess(operator) ? Comparator.LESS_OR_EQUAL : Comparator.GREATER,
                        value(type, beyond ? greatest : unscaled));
        };
    }

    /** Whether the operator holds for no value when the number lies below all of them. */
    private static boolean isLess(Comparator operator) {
        return operator == Comparator.LESS || operator == Comparator.LESS_OR_EQUAL || operator == Comparator.EQUAL;
    }

    private static BigInteger least(ColumnType type) {
        return switch (type.kind()) {
            case TINYINT -> BigInteger.valueOf(Byte.MIN_VALUE);
            case SMALLINT -> BigInteger.valueOf(Short.MIN_VALUE);
            case INTEGER -> BigInteger.valueOf(Integer.MIN_VALUE);
            case BIGINT -> BigInteger.valueOf(Long.MIN_VALUE);
            default -> BigInteger.ONE.subtract(BigInteger.TEN.pow(type.precision()));
        };
    }

    private static Object value(ColumnType type, BigInteger unscaled) {
        return type.kind() == TypeKind.DECIMAL
                ? (Object) new BigDecimal(unscaled, type.scale())
                : (Object) unscaled.longValueExact();
    }
}
