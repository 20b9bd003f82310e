package io.zeptodb.engine.plan;

import io.zeptodb.engine.api.EngineException;
import java.math.BigDecimal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The value of a parameter whose type does not hold it, 1.005 for a DECIMAL(10, 2), 3000000000 for an INTEGER, or that is not of its kind,
 * the DOUBLE 2.0 for an INTEGER. A comparison takes the number as it is, a function and arithmetic refuse it, whatever else uses the
 * parameter takes what the conversion makes of it. Immutable.
 */
public final class UnfitNumber {
    /** Numbers of more digits before the point, or zeros behind it, are beyond every value of a column alike. */
    private static final int FAR = 100;

    private final BigDecimal number;
    private final boolean held;
    private final Supplier<@Nullable Object> conversion;
    private final Supplier<EngineException> refusal;

    /**
     * @param held whether the parameter's type holds the number, though its value was of another kind
     * @param conversion gives the value in the parameter's type, or throws
     * @param refusal says what is wrong with it as an operand
     */
    public UnfitNumber(
            BigDecimal number, boolean held, Supplier<@Nullable Object> conversion, Supplier<EngineException> refusal) {
        int digits = number.precision() - number.scale();
        BigDecimal sign = BigDecimal.valueOf(number.signum());
        this.number = digits > FAR ? sign.movePointRight(FAR) : digits < -FAR ? sign.movePointLeft(FAR) : number;
        this.held = held;
        this.conversion = conversion;
        this.refusal = refusal;
    }

    /** Whether the conversion is the number itself, so that comparisons may take it. */
    public boolean isHeld() {
        return held;
    }

    /** What is thrown for an operand: it would be another number. */
    public EngineException refusal() {
        return refusal.get();
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
