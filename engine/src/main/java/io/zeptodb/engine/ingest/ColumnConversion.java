package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.batch.WritableColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Gives vectors the type of one column of a table. What it returns is the source, or a column of its own that is valid until the next call. */
final class ColumnConversion implements AutoCloseable {
    private static final int UNKNOWN_CODE = -1;
    private static final long[] NANOS_PER_UNIT = {
        1_000_000_000L, 100_000_000L, 10_000_000L, 1_000_000L, 100_000L, 10_000L, 1_000L, 100L, 10L, 1L
    };

    private final ColumnType type;
    private final @Nullable SymbolTable dictionary;
    private final MemoryBudget budget;
    private @Nullable WritableColumn target;

    /** The dictionary that {@link #codes} translates from: batches of one source follow each other. */
    private @Nullable SymbolDictionary foreign;

    private int[] codes = {};

    ColumnConversion(ColumnType type, @Nullable SymbolTable dictionary, MemoryBudget budget) {
        this.type = type;
        this.dictionary = dictionary;
        this.budget = budget;
    }

    /**
     * The rows as the column stores them, or null when the types do not go together.
     *
     * @throws RowFault for a value that does not fit
     */
    @Nullable
    ColumnVector convert(ColumnVector source, int rows) {
        TypeKind from = source.type().kind();
        int count = source.isConstant() ? Math.min(rows, 1) : rows;
        if (from == TypeKind.NULL) {
            return allNull();
        }
        SymbolTable own = dictionary;
        if (own != null) {
            return convertToSymbols(own, source, count);
        }
        if (from == type.kind()) {
            return convertWithinKind(source, count);
        }
        if (from == TypeKind.SYMBOL && type.kind() == TypeKind.VARCHAR) {
            return expandSymbols(source, count);
        }
        boolean widerInteger = from.isInteger() && type.kind().isInteger() && from.width() < type.width();
        boolean widerFloat = from == TypeKind.REAL && type.kind() == TypeKind.DOUBLE;
        return widerInteger || widerFloat ? widen(source, count, widerFloat) : null;
    }

    private @Nullable ColumnVector convertToSymbols(SymbolTable own, ColumnVector source, int count) {
        return switch (source.type().kind()) {
            case SYMBOL -> {
                if (source.dictionary() == null) {
                    // without a dictionary there is no value to have: a column that INSERT does not name
                    yield allNull();
                }
                yield isOwn(own, source.dictionary()) ? source : translate(own, source, count);
            }
            case VARCHAR -> intern(own, source, count);
            default -> null;
        };
    }

    @SuppressWarnings("ReferenceEquality") // a dictionary is what it is by identity
    private static boolean isOwn(SymbolTable own, @Nullable SymbolDictionary other) {
        return own == other;
    }

    private @Nullable ColumnVector convertWithinKind(ColumnVector source, int count) {
        return switch (type.kind()) {
            case TIME, TIMESTAMP -> source.type().precision() <= type.precision() ? source : truncate(source, count);
            case DECIMAL -> {
                if (source.type().scale() != type.scale()) {
                    yield null;
                }
                if (source.type().precision() > type.precision()) {
                    checkDigits(source, count);
                }
                yield source;
            }
            default -> source;
        };
    }

    /** Codes or values of this many rows are about to be written. */
    private WritableColumn begin(int count) {
        WritableColumn column = target;
        if (column == null) {
            column = new WritableColumn(budget, type);
            target = column;
        }
        column.clear();
        column.setDictionary(dictionary);
        column.reserve(Math.max(count, 1));
        return column;
    }

    private static ColumnVector end(WritableColumn column, ColumnVector source, int count) {
        column.setRowCount(count);
        return column.vector().asConstant(source.isConstant());
    }

    private ColumnVector allNull() {
        WritableColumn column = begin(1);
        if (type.kind().isView()) {
            column.setBytes(0, new byte[0]);
        } else if (type.kind() == TypeKind.DECIMAL) {
            column.setDecimal(0, 0, 0);
        } else if (type.kind().isFloat()) {
            column.setDouble(0, 0);
        } else {
            column.setLong(0, 0);
        }
        column.setNull(0);
        column.setRowCount(1);
        return column.vector().asConstant(true);
    }

    private ColumnVector translate(SymbolTable own, ColumnVector source, int count) {
        SymbolDictionary other = source.requireDictionary();
        if (!isSame(foreign, other)) {
            foreign = other;
            codes = new int[0];
        }
        WritableColumn column = begin(count);
        for (int i = 0; i < count; i++) {
            if (source.isNull(i)) {
                column.setLong(i, 0);
                column.setNull(i);
            } else {
                column.setLong(i, translated(own, other, source.getInt(i)));
            }
        }
        return end(column, source, count);
    }

    @SuppressWarnings("ReferenceEquality") // a dictionary is what it is by identity
    private static boolean isSame(@Nullable SymbolDictionary one, SymbolDictionary other) {
        return one == other;
    }

    private int translated(SymbolTable own, SymbolDictionary other, int code) {
        if (code >= codes.length) {
            int known = codes.length;
            codes = Arrays.copyOf(codes, Math.max(code + 1, known * 2));
            Arrays.fill(codes, known, codes.length, UNKNOWN_CODE);
        }
        if (codes[code] == UNKNOWN_CODE) {
            ColumnVector texts = other.values();
            codes[code] = own.intern(texts.viewBytes(code), texts.viewLength(code));
        }
        return codes[code];
    }

    private ColumnVector intern(SymbolTable own, ColumnVector source, int count) {
        WritableColumn column = begin(count);
        for (int i = 0; i < count; i++) {
            if (source.isNull(i)) {
                column.setLong(i, 0);
                column.setNull(i);
            } else {
                column.setLong(i, own.intern(source.viewBytes(i), source.viewLength(i)));
            }
        }
        return end(column, source, count);
    }

    private ColumnVector expandSymbols(ColumnVector source, int count) {
        ColumnVector texts = source.requireDictionary().values();
        WritableColumn column = begin(count);
        for (int i = 0; i < count; i++) {
            if (source.isNull(i)) {
                column.setBytes(i, new byte[0]);
                column.setNull(i);
            } else {
                int code = source.getInt(i);
                column.setBytes(i, texts.viewBytes(code), texts.viewLength(code));
            }
        }
        return end(column, source, count);
    }

    private ColumnVector truncate(ColumnVector source, int count) {
        long unit = NANOS_PER_UNIT[type.precision()];
        WritableColumn column = begin(count);
        for (int i = 0; i < count; i++) {
            boolean isNull = source.isNull(i);
            long value = isNull ? 0 : source.getLong(i);
            long cut = value - Math.floorMod(value, unit);
            // the first nanoseconds a long can hold would be cut to before its range
            column.setLong(i, cut > value ? value : cut);
            if (isNull) {
                column.setNull(i);
            }
        }
        return end(column, source, count);
    }

    private ColumnVector widen(ColumnVector source, int count, boolean floats) {
        WritableColumn column = begin(count);
        for (int i = 0; i < count; i++) {
            boolean isNull = source.isNull(i);
            if (floats) {
                column.setDouble(i, isNull ? 0 : source.getFloat(i));
            } else {
                column.setLong(i, isNull ? 0 : source.getAsLong(i));
            }
            if (isNull) {
                column.setNull(i);
            }
        }
        return end(column, source, count);
    }

    private void checkDigits(ColumnVector source, int count) {
        BigInteger bound = BigInteger.TEN.pow(type.precision());
        for (int i = 0; i < count; i++) {
            if (!source.isNull(i)) {
                BigDecimal value = source.getDecimal(i);
                if (value.unscaledValue().abs().compareTo(bound) >= 0) {
                    throw new RowFault(
                            ErrorCode.NUMERIC_OUT_OF_RANGE, "is " + type + ", got " + value.toPlainString(), i);
                }
            }
        }
    }

    @Override
    public void close() {
        if (target != null) {
            target.close();
            target = null;
        }
        foreign = null;
        codes = new int[0];
    }
}
