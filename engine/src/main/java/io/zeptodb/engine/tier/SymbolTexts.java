package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import java.util.BitSet;
import java.util.List;

/**
 * The texts of a SYMBOL column for the dictionary of a file, whose codes are the table's: all up to the greatest that is used when they are few
 * beside the rows, so that no two are equal, which some tools want; else those that no row uses are empty.
 */
final class SymbolTexts {
    private static final long FEW_BYTES = 4096;

    private final SymbolDictionary dictionary;
    private final BitSet used;

    /**
     * What the dictionary takes.
     *
     * @param count of its codes
     * @param textBytes of its texts
     * @param whole whether texts that no row uses are in it
     */
    record Extent(int count, long textBytes, boolean whole) {
        /** Validity, offsets, texts. */
        List<Long> bufferBytes() {
            return List.of(0L, (count + 1L) * Integer.BYTES, textBytes);
        }
    }

    SymbolTexts(SymbolDictionary dictionary, BitSet used) {
        this.dictionary = dictionary;
        this.used = used;
    }

    /** Of the column that is the key. */
    static SymbolTexts ofKeys(MergedRows rows, SymbolDictionary dictionary) {
        BitSet used = new BitSet();
        for (long key : rows.knownKeys()) {
            used.set((int) key);
        }
        return new SymbolTexts(dictionary, used);
    }

    Extent extent(long rows) {
        int count = used.length();
        ColumnVector texts = dictionary.values();
        long all = 0;
        long some = 0;
        for (int code = 0; code < count; code++) {
            int length = texts.viewLength(code);
            all += length;
            some += used.get(code) ? length : 0;
        }
        boolean whole = all <= Math.max(rows, FEW_BYTES);
        long bytes = whole ? all : some;
        if (bytes > Integer.MAX_VALUE) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "the symbols of a segment take " + bytes + " bytes, " + Integer.MAX_VALUE
                            + " are the most; such long texts should be VARCHAR");
        }
        return new Extent(count, bytes, whole);
    }

    /** Writes the buffers of the dictionary. */
    void write(Extent extent, CheckedOutput out) {
        ColumnVector texts = dictionary.values();
        out.zeros((int) SegmentFormat.padded(0));
        int end = 0;
        out.writeInt(end);
        for (int code = 0; code < extent.count(); code++) {
            end += extent.whole() || used.get(code) ? texts.viewLength(code) : 0;
            out.writeInt(end);
        }
        long offsets = extent.bufferBytes().get(1);
        out.zeros((int) (SegmentFormat.padded(offsets) - offsets));
        for (int code = 0; code < extent.count(); code++) {
            if (extent.whole() || used.get(code)) {
                out.write(texts.viewBytes(code), texts.viewLength(code));
            }
        }
        out.zeros((int) (SegmentFormat.padded(extent.textBytes()) - extent.textBytes()));
    }
}
