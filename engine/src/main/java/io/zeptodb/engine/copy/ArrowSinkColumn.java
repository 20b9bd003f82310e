package io.zeptodb.engine.copy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.PackedTexts;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/**
 * One column's rows until they are written as a batch of an Arrow file. Symbols get codes of the file's own dictionary, which has the texts that are there
 * and no others. One thread.
 */
final class ArrowSinkColumn implements AutoCloseable {
    private static final int UNKNOWN = -1;

    private final String name;
    private final TypeKind kind;
    private final MemoryBudget budget;
    private final @Nullable WritableColumn values;
    private final @Nullable SymbolTable symbols;
    private @Nullable SymbolDictionary source;
    /** The file's code of each code of the source. */
    private int[] codes = {};

    private int symbolsWritten;
    private int rows;

    ArrowSinkColumn(String name, ColumnType type, MemoryBudget budget) {
        this.name = name;
        this.kind = type.kind();
        this.budget = budget;
        boolean symbol = kind == TypeKind.SYMBOL;
        this.values = kind == TypeKind.NULL ? null : new WritableColumn(budget, symbol ? ColumnType.INTEGER : type);
        this.symbols = symbol ? new SymbolTable(budget) : null;
    }

    boolean isSymbol() {
        return symbols != null;
    }

    /** Bytes of the rows that wait. */
    long bytes() {
        return values == null ? 0 : values.usedBytes();
    }

    /** Adds the selected rows. */
    void add(Batch batch, int index) {
        ColumnVector column = batch.column(index);
        int count = batch.selectedCount();
        WritableColumn target = values;
        SymbolTable own = symbols;
        if (target != null && own != null) {
            addSymbols(column, batch, own, target);
        } else if (target != null && batch.selection() == null) {
            target.append(column, 0, count);
        } else if (target != null && batch.selection() != null) {
            target.append(column, batch.selection().positions(), count);
        }
        rows += count;
    }

    private void addSymbols(ColumnVector column, Batch batch, SymbolTable own, WritableColumn target) {
        int count = batch.selectedCount();
        SymbolDictionary dictionary = column.dictionary();
        use(dictionary);
        target.reserve(rows + count);
        int mask = column.mask();
        for (int i = 0; i < count; i++) {
            int row = batch.position(i) & mask;
            if (dictionary == null || column.isNull(row)) {
                target.setLong(rows + i, 0);
                target.setNull(rows + i);
            } else {
                target.setLong(rows + i, code(own, dictionary, column.getInt(row)));
            }
        }
        target.setRowCount(rows + count);
    }

    @SuppressWarnings("ReferenceEquality") // a dictionary is what it is by identity
    private void use(@Nullable SymbolDictionary dictionary) {
        int size = dictionary == null ? 0 : dictionary.size();
        int kept = dictionary == source ? codes.length : 0;
        if (size > kept) {
            int[] larger = new int[Math.max(size, 2 * kept)];
            budget.reserveHeap((larger.length - codes.length) * (long) Integer.BYTES);
            System.arraycopy(codes, 0, larger, 0, kept);
            Arrays.fill(larger, kept, larger.length, UNKNOWN);
            codes = larger;
        } else if (kept == 0) {
            Arrays.fill(codes, UNKNOWN);
        }
        source = dictionary;
    }

    private int code(SymbolTable own, SymbolDictionary dictionary, int code) {
        if (codes[code] == UNKNOWN) {
            ColumnVector texts = dictionary.values();
            codes[code] = own.intern(texts.viewBytes(code), texts.viewLength(code));
        }
        return codes[code];
    }

    /** Adds the node and buffers of the rows that wait; those that the caller closes are in {@code made} too. */
    void write(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers, List<ArrowBuf> made) {
        WritableColumn written = values;
        if (written == null) {
            nodes.add(new ArrowFieldNode(rows, rows));
            return;
        }
        add(written.vector(), 0, rows, nodes, buffers, made);
    }

    /** The same for the texts of the dictionary that were not written yet; how many they are. */
    int writeSymbols(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers, List<ArrowBuf> made) {
        SymbolTable own = Objects.requireNonNull(symbols);
        int from = symbolsWritten;
        symbolsWritten = own.size();
        add(own.values(), from, symbolsWritten, nodes, buffers, made);
        return symbolsWritten - from;
    }

    /** Whether the dictionary has texts that were not written yet. */
    boolean hasNewSymbols() {
        return symbols != null && symbols.size() > symbolsWritten;
    }

    private void add(
            ColumnVector column,
            int from,
            int to,
            List<ArrowFieldNode> nodes,
            List<ArrowBuf> buffers,
            List<ArrowBuf> made) {
        int count = to - from;
        int nulls = 0;
        ArrowBuf bits = column.validityBuffer();
        if (bits != null && column.hasNulls()) {
            for (int i = from; i < to; i++) {
                nulls += column.isNull(i) ? 1 : 0;
            }
            buffers.add(bits.slice(0, (count + 7L) / Byte.SIZE));
        } else {
            buffers.add(budget.allocator().getEmpty());
        }
        nodes.add(new ArrowFieldNode(count, nulls));
        if (column.type().kind().isView()) {
            addPacked(column, from, to, buffers, made);
            return;
        }
        ArrowBuf data = column.dataBuffer();
        boolean bool = column.type().kind() == TypeKind.BOOLEAN;
        long bytes = bool
                ? (count + 7L) / Byte.SIZE
                : (long) count * column.type().kind().width();
        buffers.add(data == null ? budget.allocator().getEmpty() : data.slice(0, bytes));
    }

    private void addPacked(ColumnVector column, int from, int to, List<ArrowBuf> buffers, List<ArrowBuf> made) {
        long bytes = PackedTexts.bytes(column, from, to);
        if (bytes > Integer.MAX_VALUE) {
            throw new EngineException(
                    ErrorCode.VALUE_TOO_LONG,
                    "column '" + name + "': " + (to - from) + " values have " + bytes
                            + " bytes; one batch of an Arrow file holds 2147483647 of a column");
        }
        ArrowBuf offsets = budget.allocate((to - from + 1L) * Integer.BYTES);
        made.add(offsets);
        buffers.add(offsets);
        ArrowBuf texts = budget.allocate(bytes);
        made.add(texts);
        buffers.add(texts);
        PackedTexts.write(column, from, to, offsets, texts);
    }

    /** The rows that waited were written. */
    void clear() {
        rows = 0;
        if (values != null) {
            values.clear();
        }
    }

    @Override
    public void close() {
        budget.reserveHeap(-codes.length * (long) Integer.BYTES);
        codes = new int[0];
        if (values != null) {
            values.close();
        }
        if (symbols != null) {
            symbols.close();
        }
    }
}
