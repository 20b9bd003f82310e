package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Brings SYMBOL keys into the form in which the other side of a join has them: codes of another dictionary, or text. Each code is looked
 * up by its text once. One thread.
 */
final class SymbolTranslation implements AutoCloseable {
    /** The code of a text that the other dictionary does not have: equal to no code, and not NULL. */
    static final int ABSENT_CODE = Integer.MAX_VALUE;

    private static final int UNKNOWN = -1;

    private final WritableColumn codes;
    private final WritableColumn texts;
    private @Nullable SymbolDictionary from;
    private @Nullable SymbolDictionary to;
    private int[] map = {};
    private int[] positions = {};

    SymbolTranslation(MemoryBudget budget) {
        codes = new WritableColumn(budget, ColumnType.SYMBOL);
        texts = new WritableColumn(budget, ColumnType.VARCHAR);
    }

    /** The same symbols in codes of another dictionary; valid until the next call. */
    ColumnVector toDictionary(ColumnVector symbols, int rowCount, SymbolDictionary target) {
        SymbolDictionary source = symbols.dictionary();
        if (source == null || source == target) {
            return symbols;
        }
        if (source != from || target != to) {
            from = source;
            to = target;
            map = new int[0];
        }
        int values = symbols.isConstant() ? 1 : rowCount;
        cover(symbols, values);
        codes.clear();
        codes.reserve(values);
        long out = codes.data();
        long in = symbols.data();
        int[] table = map;
        for (int i = 0; i < values; i++) {
            int code = Memory.getInt(in + ((long) i << 2));
            Memory.putInt(out + ((long) i << 2), code >= 0 && code < table.length ? table[code] : ABSENT_CODE);
        }
        codes.setRowCount(values);
        codes.setDictionary(target);
        ColumnVector result = codes.vector();
        // the values moved, the NULLs stay where they are
        return result.point(result.dataBuffer(), result.data(), symbols.validityBuffer(), symbols.validity())
                .asConstant(symbols.isConstant());
    }

    /** Looks up the codes of a batch that were not seen before. */
    private void cover(ColumnVector symbols, int values) {
        SymbolDictionary source = symbols.requireDictionary();
        SymbolDictionary target = java.util.Objects.requireNonNull(to);
        int size = source.size();
        if (map.length < size) {
            int known = map.length;
            map = Arrays.copyOf(map, size);
            Arrays.fill(map, known, size, UNKNOWN);
        }
        long in = symbols.data();
        for (int i = 0; i < values; i++) {
            int code = Memory.getInt(in + ((long) i << 2));
            // what lies below a NULL may be any number
            if (code >= 0 && code < map.length && map[code] == UNKNOWN && !symbols.isNull(i)) {
                int found = target.find(source.text(code));
                map[code] = found < 0 ? ABSENT_CODE : found;
            }
        }
    }

    /** The same symbols as VARCHAR; valid until the next call. */
    ColumnVector toText(ColumnVector symbols, int rowCount) {
        int values = symbols.isConstant() ? 1 : rowCount;
        if (positions.length < values) {
            positions = new int[values];
        }
        SymbolDictionary source = symbols.dictionary();
        int size = source == null ? 0 : source.size();
        for (int i = 0; i < values; i++) {
            int code = symbols.getInt(i);
            // positions that do not count may hold any number
            positions[i] = symbols.isNull(i) || code < 0 || code >= size ? -1 : code;
        }
        texts.clear();
        if (source == null) {
            texts.append(new ColumnVector(ColumnType.VARCHAR), positions, values);
        } else {
            texts.gatherShared(source.values(), positions, values);
        }
        return texts.vector().asConstant(symbols.isConstant());
    }

    @Override
    public void close() {
        codes.close();
        texts.close();
    }
}
