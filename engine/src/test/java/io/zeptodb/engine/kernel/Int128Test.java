package io.zeptodb.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every operation against BigInteger, over values of all sizes. */
class Int128Test {
    private static final BigInteger LEAST = BigInteger.ONE.shiftLeft(127).negate();
    private static final BigInteger GREATEST = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);
    private static final int ROUNDS = 200_000;

    private final Random random = new Random(20240809);
    private final Int128 register = new Int128();

    private BigInteger value() {
        int bits = random.nextInt(128);
        BigInteger magnitude = switch (random.nextInt(4)) {
            case 0 -> BigInteger.ONE.shiftLeft(bits);
            case 1 -> BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
            default -> new BigInteger(bits, random);
        };
        BigInteger signed = random.nextBoolean() ? magnitude : magnitude.negate();
        return signed.max(LEAST).min(GREATEST);
    }

    private static long high(BigInteger value) {
        return value.shiftRight(64).longValue();
    }

    private static BigInteger big(long high, long low) {
        return BigInteger.valueOf(high).shiftLeft(64).add(new BigInteger(Long.toUnsignedString(low)));
    }

    private static boolean fits(BigInteger value) {
        return value.bitLength() <= 127;
    }

    private void load(BigInteger value) {
        register.set(high(value), value.longValue());
    }

    private void check(String what, boolean overflow, BigInteger expected) {
        assertThat(overflow).as(what + " overflow of " + expected).isEqualTo(!fits(expected));
        if (!overflow) {
            assertThat(big(register.high(), register.low())).as(what).isEqualTo(expected);
        }
    }

    @Test
    void addsSubtractsMultipliesAndNegatesAsBigIntegerDoes() {
        for (int i = 0; i < ROUNDS; i++) {
            BigInteger a = value();
            BigInteger b = value();
            load(a);
            check("add", register.add(high(b), b.longValue()), a.add(b));
            load(a);
            check("subtract", register.subtract(high(b), b.longValue()), a.subtract(b));
            load(a);
            check("multiply", register.multiply(high(b), b.longValue()), a.multiply(b));
            load(a);
            check("negate", register.negate(), a.negate());
        }
    }

    @Test
    void dividesAndRoundsAsBigIntegerDoes() {
        for (int i = 0; i < ROUNDS; i++) {
            BigInteger a = value();
            BigInteger b = value();
            if (b.signum() == 0) {
                continue;
            }
            load(a);
            check("divide", register.divide(high(b), b.longValue()), a.divide(b));
            assertThat(big(register.remainderHigh(), register.remainderLow()))
                    .as(a + " % " + b)
                    .isEqualTo(a.remainder(b));
            load(a);
            BigInteger rounded = new BigDecimal(a)
                    .divide(new BigDecimal(b), 0, RoundingMode.HALF_UP)
                    .toBigIntegerExact();
            check("divideRounded", register.divideRounded(high(b), b.longValue()), rounded);
        }
    }

    @Test
    void rescalesRoundingHalvesAwayFromZero() {
        for (int i = 0; i < ROUNDS; i++) {
            BigInteger a = value();
            int places = random.nextInt(77) - 38;
            load(a);
            BigInteger expected = new BigDecimal(a)
                    .scaleByPowerOfTen(places)
                    .setScale(0, RoundingMode.HALF_UP)
                    .toBigIntegerExact();
            check("rescale by " + places, register.rescale(places), expected);
        }
    }

    @Test
    void comparesAndPrintsAndMeasuresPrecision() {
        for (int i = 0; i < ROUNDS; i++) {
            BigInteger a = value();
            BigInteger b = value();
            assertThat(Int128.compare(high(a), a.longValue(), high(b), b.longValue()))
                    .isEqualTo(a.compareTo(b));
            assertThat(Int128.toString(high(a), a.longValue())).isEqualTo(a.toString());
            assertThat(Int128.signum(high(a), a.longValue())).isEqualTo(a.signum());
            int precision = random.nextInt(39);
            assertThat(Int128.fitsPrecision(high(a), a.longValue(), precision))
                    .as(a + " in " + precision)
                    .isEqualTo(a.abs().compareTo(BigInteger.TEN.pow(precision)) < 0);
            double exact = a.doubleValue();
            assertThat(Int128.toDouble(high(a), a.longValue()))
                    .isBetween(exact - 2 * Math.ulp(exact), exact + 2 * Math.ulp(exact));
        }
    }

    @Test
    void averagesOfSumsAreTheNearestDoubleWithinOneLastPlace() {
        for (int i = 0; i < ROUNDS; i++) {
            BigInteger sum = value().shiftRight(20);
            long count = 1L + random.nextInt(Integer.MAX_VALUE);
            double expected = new BigDecimal(sum)
                    .divide(BigDecimal.valueOf(count), new java.math.MathContext(40))
                    .doubleValue();
            assertThat(Int128.averageOf(high(sum), sum.longValue(), count))
                    .isBetween(expected - 2 * Math.ulp(expected), expected + 2 * Math.ulp(expected));
        }
    }
}
