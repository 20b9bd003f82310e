package io.zeptodb.engine.kernel;

/**
 * Two's complement 128-bit integers as pairs of longs (high, low), without objects: what DECIMAL values and sums of integers are.
 * Static methods read pairs; an instance is a small register that an operation leaves its result in, owned by one loop of one
 * thread. In memory a value is 16 bytes little-endian, the low half first, which is Arrow's layout of a decimal.
 *
 * <p>Operations that may leave the 128 bits say so with a boolean and leave the register undefined; nothing here throws, for the
 * caller knows the operands to show.
 */
public final class Int128 {
    /** Bytes of a value in memory. */
    public static final int BYTES = 16;

    /** The greatest n for which 10^n fits: DECIMAL's precision. */
    public static final int MAX_POWER_OF_TEN = 38;

    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final int LONG_DIGITS = 18;
    private static final long TEN_TO_18 = 1_000_000_000_000_000_000L;
    private static final double TWO_TO_64 = 0x1p64;
    private static final long[] POWER_HIGH = new long[MAX_POWER_OF_TEN + 1];
    private static final long[] POWER_LOW = new long[MAX_POWER_OF_TEN + 1];

    static {
        POWER_LOW[0] = 1;
        Int128 power = new Int128();
        power.set(1);
        for (int i = 1; i <= MAX_POWER_OF_TEN; i++) {
            power.multiply(0, 10);
            POWER_HIGH[i] = power.high;
            POWER_LOW[i] = power.low;
        }
    }

    private long high;
    private long low;
    private long remainderHigh;
    private long remainderLow;

    /** High half of the register. */
    public long high() {
        return high;
    }

    /** Low half of the register. */
    public long low() {
        return low;
    }

    /** High half of what the last division left over. */
    public long remainderHigh() {
        return remainderHigh;
    }

    /** Low half of what the last division left over. */
    public long remainderLow() {
        return remainderLow;
    }

    public void set(long newHigh, long newLow) {
        high = newHigh;
        low = newLow;
    }

    /** Sets the register to a long, sign-extended. */
    public void set(long value) {
        high = value >> 63;
        low = value;
    }

    public void load(long address) {
        low = Memory.getLong(address);
        high = Memory.getLong(address + Long.BYTES);
    }

    public void store(long address) {
        Memory.putLong(address, low);
        Memory.putLong(address + Long.BYTES, high);
    }

    // ---- reading pairs

    /** Whether the value is that of its low half as a long. */
    public static boolean fitsLong(long high, long low) {
        return high == low >> 63;
    }

    public static int compare(long leftHigh, long leftLow, long rightHigh, long rightLow) {
        return leftHigh != rightHigh ? Long.compare(leftHigh, rightHigh) : Long.compareUnsigned(leftLow, rightLow);
    }

    /** -1, 0 or 1. */
    public static int signum(long high, long low) {
        return high < 0 ? -1 : (high | low) == 0 ? 0 : 1;
    }

    /** High half of a sum; its low half is {@code leftLow + rightLow}. */
    public static long addHigh(long leftHigh, long leftLow, long rightHigh, long rightLow) {
        return leftHigh + rightHigh + carry(leftLow, rightLow);
    }

    /** 1 when the unsigned sum of two longs does not fit 64 bits, else 0; no branch. */
    public static long carry(long left, long right) {
        return ((left & right) | ((left | right) & ~(left + right))) >>> 63;
    }

    /** Whether the value has at most {@code precision} decimal digits (0 to 38). */
    public static boolean fitsPrecision(long high, long low, int precision) {
        long powerHigh = POWER_HIGH[precision];
        long powerLow = POWER_LOW[precision];
        long minusHigh = ~powerHigh + (powerLow == 0 ? 1 : 0);
        return compare(high, low, powerHigh, powerLow) < 0 && compare(high, low, minusHigh, -powerLow) > 0;
    }

    /** High half of 10^n, n from 0 to 38. */
    public static long powerOfTenHigh(int n) {
        return POWER_HIGH[n];
    }

    /** Low half of 10^n, n from 0 to 38. */
    public static long powerOfTenLow(int n) {
        return POWER_LOW[n];
    }

    /** The double nearest to the value, but for a last-place error when the value needs more than 53 bits. */
    public static double toDouble(long high, long low) {
        if (fitsLong(high, low)) {
            return low;
        }
        double unsignedLow = (double) (low >>> 1) * 2 + (low & 1);
        return high * TWO_TO_64 + unsignedLow;
    }

    /** Decimal digits, with a minus sign where negative. */
    public static String toString(long high, long low) {
        if (fitsLong(high, low)) {
            return Long.toString(low);
        }
        Int128 rest = new Int128();
        rest.set(high, low);
        rest.divide(0, TEN_TO_18);
        long last = Math.abs(rest.remainderLow);
        String digits = Long.toString(last);
        String head = toString(rest.high, rest.low);
        return head + "0".repeat(LONG_DIGITS - digits.length()) + digits;
    }

    /** The value over {@code divisor} (a count, positive) as a double: what AVG of a 128-bit sum is. */
    public static double averageOf(long high, long low, long divisor) {
        if (fitsLong(high, low)) {
            return (double) low / divisor;
        }
        Int128 quotient = new Int128();
        quotient.set(high, low);
        quotient.divide(0, divisor);
        return toDouble(quotient.high, quotient.low) + (double) quotient.remainderLow / divisor;
    }

    // ---- operations on the register

    /** Adds; true when the sum does not fit. */
    public boolean add(long otherHigh, long otherLow) {
        long sumHigh = addHigh(high, low, otherHigh, otherLow);
        boolean overflow = ((high ^ sumHigh) & (otherHigh ^ sumHigh)) < 0;
        low += otherLow;
        high = sumHigh;
        return overflow;
    }

    /** Subtracts; true when the difference does not fit. */
    public boolean subtract(long otherHigh, long otherLow) {
        long differenceLow = low - otherLow;
        long borrow = ((~low & otherLow) | ((~low | otherLow) & differenceLow)) >>> 63;
        long differenceHigh = high - otherHigh - borrow;
        boolean overflow = ((high ^ otherHigh) & (high ^ differenceHigh)) < 0;
        low = differenceLow;
        high = differenceHigh;
        return overflow;
    }

    /** Changes the sign; true for the one value that has no opposite. */
    public boolean negate() {
        boolean overflow = high == Long.MIN_VALUE && low == 0;
        high = ~high + (low == 0 ? 1 : 0);
        low = -low;
        return overflow;
    }

    /** Sets the register to the exact product of two longs, which always fits. */
    public void setProduct(long left, long right) {
        low = left * right;
        high = Math.multiplyHigh(left, right);
    }

    /** Multiplies; true when the product does not fit. */
    public boolean multiply(long otherHigh, long otherLow) {
        if (fitsLong(high, low) && fitsLong(otherHigh, otherLow)) {
            setProduct(low, otherLow);
            return false;
        }
        boolean negative = (high ^ otherHigh) < 0;
        long leftHigh = magnitudeHigh(high, low);
        long leftLow = magnitudeLow(high, low);
        long rightHigh = magnitudeHigh(otherHigh, otherLow);
        long rightLow = magnitudeLow(otherHigh, otherLow);
        boolean overflow = leftHigh != 0 && rightHigh != 0;
        long crossHigh = unsignedMultiplyHigh(leftHigh, rightLow) | unsignedMultiplyHigh(leftLow, rightHigh);
        long cross = leftHigh * rightLow + leftLow * rightHigh;
        low = leftLow * rightLow;
        high = unsignedMultiplyHigh(leftLow, rightLow);
        overflow |= crossHigh != 0 || carry(high, cross) != 0;
        high += cross;
        return applySign(negative) || overflow;
    }

    /**
     * Divides, truncating toward zero; what is left over has the sign of the dividend and is read with {@link #remainderHigh()} and
     * {@link #remainderLow()}. The divisor must not be zero. True for the smallest value divided by -1.
     */
    public boolean divide(long divisorHigh, long divisorLow) {
        if (fitsLong(high, low) && fitsLong(divisorHigh, divisorLow) && low != Long.MIN_VALUE) {
            long quotient = low / divisorLow;
            remainderLow = low - quotient * divisorLow;
            remainderHigh = remainderLow >> 63;
            set(quotient);
            return false;
        }
        boolean negative = (high ^ divisorHigh) < 0;
        boolean negativeRemainder = high < 0;
        long byHigh = magnitudeHigh(divisorHigh, divisorLow);
        long byLow = magnitudeLow(divisorHigh, divisorLow);
        long magnitudeHigh = magnitudeHigh(high, low);
        low = magnitudeLow(high, low);
        high = magnitudeHigh;
        if (byHigh == 0) {
            divideUnsigned(byLow);
        } else {
            divideUnsigned(byHigh, byLow);
        }
        if (negativeRemainder) {
            remainderHigh = ~remainderHigh + (remainderLow == 0 ? 1 : 0);
            remainderLow = -remainderLow;
        }
        return applySign(negative);
    }

    /** Divides, rounding halves away from zero. The divisor must not be zero. True when the quotient does not fit. */
    public boolean divideRounded(long divisorHigh, long divisorLow) {
        boolean negative = (high ^ divisorHigh) < 0;
        boolean overflow = divide(divisorHigh, divisorLow);
        long restHigh = magnitudeHigh(remainderHigh, remainderLow);
        long restLow = magnitudeLow(remainderHigh, remainderLow);
        long byHigh = magnitudeHigh(divisorHigh, divisorLow);
        long byLow = magnitudeLow(divisorHigh, divisorLow);
        // rest * 2 >= divisor, without leaving the range: rest >= divisor - rest
        long borrow = Long.compareUnsigned(byLow, restLow) < 0 ? 1 : 0;
        long missingHigh = byHigh - restHigh - borrow;
        long missingLow = byLow - restLow;
        int order = restHigh != missingHigh
                ? Long.compareUnsigned(restHigh, missingHigh)
                : Long.compareUnsigned(restLow, missingLow);
        if (order >= 0) {
            overflow |= negative ? add(-1, -1) : add(0, 1);
        }
        return overflow;
    }

    /**
     * Moves the decimal point: multiplies by 10^places, or divides by 10^-places rounding halves away from zero. Places from -38 to 38;
     * true when the result does not fit.
     */
    public boolean rescale(int places) {
        if (places >= 0) {
            return places != 0 && multiply(POWER_HIGH[places], POWER_LOW[places]);
        }
        return divideRounded(POWER_HIGH[-places], POWER_LOW[-places]);
    }

    @Override
    public String toString() {
        return toString(high, low);
    }

    // ---- unsigned parts

    private static long magnitudeHigh(long high, long low) {
        long sign = high >> 63;
        return (high ^ sign) + ((sign & 1) & (low == 0 ? 1 : 0));
    }

    private static long magnitudeLow(long high, long low) {
        long sign = high >> 63;
        return (low ^ sign) - sign;
    }

    /** Gives the magnitude in the register its sign; true when it does not fit. */
    private boolean applySign(boolean negative) {
        if (!negative) {
            return high < 0;
        }
        high = ~high + (low == 0 ? 1 : 0);
        low = -low;
        return high >= 0 && (high | low) != 0;
    }

    private static long unsignedMultiplyHigh(long left, long right) {
        return Math.multiplyHigh(left, right) + ((left >> 63) & right) + ((right >> 63) & left);
    }

    private void divideUnsigned(long divisor) {
        long quotientHigh = Long.divideUnsigned(high, divisor);
        long rest = high - quotientHigh * divisor;
        long quotientLow = divideTwoByOne(rest, low, divisor);
        remainderLow = low - quotientLow * divisor;
        remainderHigh = 0;
        high = quotientHigh;
        low = quotientLow;
    }

    /** A divisor of more than 64 bits: the quotient fits 64. */
    private void divideUnsigned(long divisorHigh, long divisorLow) {
        int shift = Long.numberOfLeadingZeros(divisorHigh);
        long normalized = shift == 0 ? divisorHigh : (divisorHigh << shift) | (divisorLow >>> (Long.SIZE - shift));
        // the dividend is halved so that the estimate fits 64 bits; less one it is right or one too small
        long estimate = divideTwoByOne(high >>> 1, (high << 63) | (low >>> 1), normalized);
        long quotient = estimate >>> (63 - shift);
        if (quotient != 0) {
            quotient--;
        }
        long productLow = quotient * divisorLow;
        long productHigh = quotient * divisorHigh + unsignedMultiplyHigh(quotient, divisorLow);
        long restLow = low - productLow;
        long restHigh = high - productHigh - (Long.compareUnsigned(low, productLow) < 0 ? 1 : 0);
        boolean onceMore = restHigh != divisorHigh
                ? Long.compareUnsigned(restHigh, divisorHigh) > 0
                : Long.compareUnsigned(restLow, divisorLow) >= 0;
        if (onceMore) {
            quotient++;
            long borrow = Long.compareUnsigned(restLow, divisorLow) < 0 ? 1 : 0;
            restLow -= divisorLow;
            restHigh -= divisorHigh + borrow;
        }
        remainderHigh = restHigh;
        remainderLow = restLow;
        high = 0;
        low = quotient;
    }

    /** (high, low) / divisor, unsigned, where high < divisor: schoolbook division with 32-bit digits. */
    private static long divideTwoByOne(long high, long low, long divisor) {
        if (high == 0) {
            return Long.divideUnsigned(low, divisor);
        }
        int shift = Long.numberOfLeadingZeros(divisor);
        long by = divisor << shift;
        long byHigh = by >>> 32;
        long byLow = by & LOW_32;
        long top = shift == 0 ? high : (high << shift) | (low >>> (Long.SIZE - shift));
        long rest = low << shift;
        long digit = digit(top, rest >>> 32, byHigh, byLow);
        long next = (top << 32) + (rest >>> 32) - digit * by;
        long lastDigit = digit(next, rest & LOW_32, byHigh, byLow);
        return (digit << 32) + lastDigit;
    }

    /** One 32-bit digit of a quotient: the estimate from the leading digits, corrected at most twice. */
    private static long digit(long top, long following, long byHigh, long byLow) {
        long digit = Long.divideUnsigned(top, byHigh);
        long rest = top - digit * byHigh;
        while (digit > LOW_32 || Long.compareUnsigned(digit * byLow, (rest << 32) | following) > 0) {
            digit--;
            rest += byHigh;
            if (rest > LOW_32) {
                break;
            }
        }
        return digit;
    }
}
