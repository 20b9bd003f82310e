package io.zeptodb.engine.plan;

import java.math.BigDecimal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The value of a parameter whose type does not hold it: 1.005 for a DECIMAL(10, 2), 3000000000 for an INTEGER. A comparison takes the
 * number as it is, whatever else uses the parameter takes what the conversion makes of it. Immutable.
 */
public final class UnfitNumber {
    /** Numbers of more digits before the point, or zeros behind it, are beyond every value of a column alike. */
    private static final int FAR = 100;

    private final BigDecimal number;
    private final Supplier<@Nullable Object> conversion;

    /** @param conversion gives the value in the parameter's type, or throws */
    public UnfitNumber(BigDecimal number, Supplier<@Nullable Object> conversion) {
        int digits = number.precision() - number.scale();
        BigDecimal sign = BigDecimal.valueOf(number.signum());
        this.number = digits > FAR ? sign.movePointRight(FAR) : digits < -FAR ? sign.movePointLeft(FAR) : number;
        this.conversion = conversion;
    }

    /** As it compares with values of any type of exact numbers. */
    public BigDecimal number() {
        return number;
    }

    /** The value in the parameter's type, in the representation of {@link Expression.Literal}. Throws what the conversion throws. */
    public @Nullable Object converted() {
        return conversion.get();
    }
}
