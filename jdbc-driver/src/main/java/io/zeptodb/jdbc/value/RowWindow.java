package io.zeptodb.jdbc.value;

/**
 * Values of some rows of a column of fixed width, copied out of Arrow memory. Immutable, and on the Java heap: who reads it needs no lock, whatever another
 * thread does with the result set.
 */
final class RowWindow {
    static final RowWindow NONE = new RowWindow(0, new long[0], new long[0]);
    private static final int BITS = 6;

    private final long from;
    private final long[] values;
    /** A bit for each NULL; no words when there is none. */
    private final long[] nulls;

    /**
     * Takes over the arrays.
     *
     * @param from number of the first row in the result, counted from 0
     */
    RowWindow(long from, long[] values, long[] nulls) {
        this.from = from;
        this.values = values;
        this.nulls = nulls;
    }

    static long[] noNulls(int rows) {
        return new long[(rows + Long.SIZE - 1) >>> BITS];
    }

    static void setNull(long[] nulls, int index) {
        nulls[index >>> BITS] |= 1L << index;
    }

    /** Place of a row in the window, negative or beyond its end when it is not there. */
    long place(long row) {
        return row - from;
    }

    boolean has(long place) {
        return place >= 0 && place < values.length;
    }

    long end() {
        return from + values.length;
    }

    long value(int place) {
        return values[place];
    }

    boolean isNull(int place) {
        return nulls.length > 0 && (nulls[place >>> BITS] >>> place & 1) != 0;
    }
}
