package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.kernel.Memory;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a text in memory seen as characters, for parsers of ASCII forms: each byte is one character, those that are not ASCII become one that
 * no parser takes. Re-pointed from row to row; valid as long as the vector is. One thread.
 */
final class Utf8Text implements CharSequence {
    private static final char NOT_ASCII = '\uFFFD';

    private long address;
    private int length;

    /** Points at a row of a VARCHAR vector that is not NULL. */
    Utf8Text at(ColumnVector vector, int row) {
        address = vector.viewBytes(row);
        length = vector.viewLength(row);
        return this;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        byte b = Memory.getByte(address + index);
        return b >= 0 ? (char) b : NOT_ASCII;
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return decode(address + start, end - start);
    }

    @Override
    public String toString() {
        return decode(address, length);
    }

    static String decode(long address, int length) {
        byte[] bytes = new byte[length];
        Memory.copyToArray(address, bytes, 0, length);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
