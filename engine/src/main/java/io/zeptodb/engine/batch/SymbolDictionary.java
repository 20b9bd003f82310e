package io.zeptodb.engine.batch;

/**
 * The texts of a SYMBOL column: code to text and back. Codes count from 0 in the order of first sight and never change. It only
 * grows; any thread may read while one adds. A NULL has no code: it is a validity bit.
 */
public interface SymbolDictionary {
    /** Codes given so far. */
    int size();

    /** The code of this text, or -1. */
    int find(CharSequence text);

    /** The text of a code; the String is cached. */
    String text(int code);

    /**
     * The texts of codes [0, n) for some n of at least {@link #size()} at the call, as a VARCHAR vector without NULL. It stays valid as long as the
     * table.
     */
    ColumnVector values();

    /** Compares two codes by their texts' code points. */
    default int compare(int left, int right) {
        ColumnVector values = values();
        return left == right ? 0 : values.compareText(left, values, right);
    }
}
