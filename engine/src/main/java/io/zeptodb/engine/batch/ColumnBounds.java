package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Memory;

/**
 * Least and greatest value and the NULLs of a growing column: exact, widened batch by batch. Integers, DATE, TIME and TIMESTAMP have bounds
 * as longs, REAL and DOUBLE as doubles with NaN above every number; other kinds only count NULLs. One thread.
 */
public final class ColumnBounds {
    private static final int LONG_SHIFT = 3;

    private final TypeKind kind;
    private long minLong = Long.MAX_VALUE;
    private long maxLong = Long.MIN_VALUE;
    private double minDouble = Double.POSITIVE_INFINITY;
    private double maxDouble = Double.NEGATIVE_INFINITY;
    private long numbers;
    private long nans;
    private long nulls;

    public ColumnBounds(TypeKind kind) {
        this.kind = kind;
    }

    private boolean isLong() {
        return kind.isInteger() || kind == TypeKind.DATE || kind == TypeKind.TIME || kind == TypeKind.TIMESTAMP;
    }

    /** Whether a value that has bounds was seen. */
    public boolean hasBounds() {
        return numbers + nans > 0;
    }

    public boolean isFloat() {
        return kind.isFloat();
    }

    public long minLong() {
        return minLong;
    }

    public long maxLong() {
        return maxLong;
    }

    /** NaN only when every value is. */
    public double minDouble() {
        return numbers == 0 ? Double.NaN : minDouble;
    }

    /** NaN when any value is. */
    public double maxDouble() {
        return nans > 0 ? Double.NaN : maxDouble;
    }

    public long nullCount() {
        return nulls;
    }

    /** Becomes a copy of other bounds of the same kind. */
    public void set(ColumnBounds other) {
        minLong = other.minLong;
        maxLong = other.maxLong;
        minDouble = other.minDouble;
        maxDouble = other.maxDouble;
        numbers = other.numbers;
        nans = other.nans;
        nulls = other.nulls;
    }

    /** Takes in whole numbers of which the first is the least and the last the greatest. */
    public void addAscending(long first, long last, int count) {
        minLong = Math.min(minLong, first);
        maxLong = Math.max(maxLong, last);
        numbers += count;
    }

    /** Takes in the given positions, ascending, of a vector of this kind. */
    public void add(ColumnVector vector, int[] positions, int from, int count) {
        if (count == 0) {
            return;
        }
        boolean neighbours = positions[from + count - 1] - positions[from] == count - 1;
        if (vector.hasNulls()) {
            addWithNulls(vector, positions, from, count);
        } else if (neighbours && !vector.isConstant() && (isLong() || isFloat()) && kind.width() == Long.BYTES) {
            addNeighbours(vector.data() + ((long) positions[from] << LONG_SHIFT), count);
        } else if (isLong()) {
            addLongs(vector, positions, from, count);
        } else if (isFloat()) {
            addDoubles(vector, positions, from, count);
        }
    }

    /** Most columns of most batches: 8 bytes wide, all rows. */
    private void addNeighbours(long data, int count) {
        if (isFloat()) {
            double least = minDouble;
            double most = maxDouble;
            int notNumbers = 0;
            for (int i = 0; i < count; i++) {
                double value = Memory.getDouble(data + ((long) i << LONG_SHIFT));
                least = value < least ? value : least;
                most = value > most ? value : most;
                notNumbers += Double.isNaN(value) ? 1 : 0;
            }
            minDouble = least;
            maxDouble = most;
            nans += notNumbers;
            numbers += count - notNumbers;
            return;
        }
        long least = minLong;
        long most = maxLong;
        for (int i = 0; i < count; i++) {
            long value = Memory.getLong(data + ((long) i << LONG_SHIFT));
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        minLong = least;
        maxLong = most;
        numbers += count;
    }

    private void addLongs(ColumnVector vector, int[] positions, int from, int count) {
        long least = minLong;
        long most = maxLong;
        long data = vector.data();
        int mask = vector.mask();
        int end = from + count;
        switch (kind.width()) {
            case Long.BYTES -> {
                for (int i = from; i < end; i++) {
                    long value = Memory.getLong(data + ((long) (positions[i] & mask) << 3));
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
            case Integer.BYTES -> {
                for (int i = from; i < end; i++) {
                    long value = Memory.getInt(data + ((long) (positions[i] & mask) << 2));
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
            default -> {
                for (int i = from; i < end; i++) {
                    long value = vector.getAsLong(positions[i]);
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
        }
        minLong = least;
        maxLong = most;
        numbers += count;
    }

    private void addDoubles(ColumnVector vector, int[] positions, int from, int count) {
        double least = minDouble;
        double most = maxDouble;
        long notNumbers = 0;
        boolean wide = kind == TypeKind.DOUBLE;
        int end = from + count;
        for (int i = from; i < end; i++) {
            double value = wide ? vector.getDouble(positions[i]) : vector.getFloat(positions[i]);
            // comparisons with NaN are false: it never becomes a bound here
            least = value < least ? value : least;
            most = value > most ? value : most;
            notNumbers += Double.isNaN(value) ? 1 : 0;
        }
        minDouble = least;
        maxDouble = most;
        nans += notNumbers;
        numbers += count - notNumbers;
    }

    private void addWithNulls(ColumnVector vector, int[] positions, int from, int count) {
        boolean longs = isLong();
        boolean doubles = isFloat();
        boolean wide = kind == TypeKind.DOUBLE;
        for (int i = from; i < from + count; i++) {
            int position = positions[i];
            if (vector.isNull(position)) {
                nulls++;
            } else if (longs) {
                long value = vector.getAsLong(position);
                minLong = Math.min(minLong, value);
                maxLong = Math.max(maxLong, value);
                numbers++;
            } else if (doubles) {
                double value = wide ? vector.getDouble(position) : vector.getFloat(position);
                minDouble = value < minDouble ? value : minDouble;
                maxDouble = value > maxDouble ? value : maxDouble;
                boolean number = !Double.isNaN(value);
                numbers += number ? 1 : 0;
                nans += number ? 0 : 1;
            }
        }
    }
}
