package io.zeptodb.engine.batch;

import org.jspecify.annotations.Nullable;

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

    /** Whether all vectors with this dictionary are NULL in every row, so that any other dictionary does for them as well. */
    default boolean isOfNulls() {
        return false;
    }

    /**
     * The dictionary of rows from two sources, which have one dictionary between them: a source of nothing but NULLs, as ROLLUP and outer
     * joins make them, has none to say.
     */
    static @Nullable SymbolDictionary ofBoth(@Nullable SymbolDictionary known, @Nullable SymbolDictionary added) {
        return added == null || (known != null && added.isOfNulls()) ? known : added;
    }
}
