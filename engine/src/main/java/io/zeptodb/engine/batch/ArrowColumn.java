package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.kernel.Memory;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.jspecify.annotations.Nullable;

/**
 * An Arrow vector as a {@link ColumnVector}: without a copy where the layouts are one, converted into a column of its own otherwise. Valid as long as
 * the Arrow vector and until {@link #close()}. One thread.
 */
public final class ArrowColumn implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_MICRO = 1_000L;
    private static final long MILLIS_PER_DAY = 86_400_000L;
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final int SECOND_DIGITS = 0;
    private static final int MILLI_DIGITS = 3;
    private static final int MICRO_DIGITS = 6;
    private static final int DECIMAL_BITS = 128;
    /** Where a view of a long value has the number of its buffer, and its place there. */
    private static final int VIEW_BUFFER = 8;

    private static final int VIEW_OFFSET = 12;
    private static final String OFFSETS = "offsets";

    private final MemoryBudget budget;
    private final String where;
    private final FieldVector source;
    private final int rows;
    private final @Nullable SymbolTable symbols;
    private @Nullable WritableColumn converted;
    private @Nullable ArrowColumn dictionaryTexts;
    private final ColumnVector vector;

    /**
     * @param where what an error message begins with, such as {@code cannot append to 't': column 'c'}
     * @param source the Arrow vector; stays the caller's
     * @param dictionaries of dictionary-encoded vectors; may be null when there is none
     * @param symbols when given, texts become codes of it, and new ones are added
     * @throws EngineException FEATURE_NOT_SUPPORTED for an Arrow type that no column has, DATETIME_OUT_OF_RANGE, NUMERIC_OUT_OF_RANGE
     */
    public ArrowColumn(
            MemoryBudget budget,
            String where,
            FieldVector source,
            int rows,
            @Nullable DictionaryProvider dictionaries,
            @Nullable SymbolTable symbols) {
        this.budget = budget;
        this.where = where;
        this.source = source;
        this.rows = rows;
        this.symbols = symbols;
        try {
            DictionaryEncoding encoding = source.getField().getDictionary();
            this.vector = encoding == null ? map() : decode(encoding, dictionaries);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    public ColumnVector vector() {
        return vector;
    }

    private ColumnVector map() {
        return switch (source.getMinorType()) {
            case NULL -> new ColumnVector(ColumnType.NULL).asConstant(true);
            case BIT -> borrow(ColumnType.BOOLEAN);
            case TINYINT -> borrow(ColumnType.TINYINT);
            case SMALLINT -> borrow(ColumnType.SMALLINT);
            case INT -> borrow(ColumnType.INTEGER);
            case BIGINT -> borrow(ColumnType.BIGINT);
            case FLOAT4 -> borrow(ColumnType.REAL);
            case FLOAT8 -> borrow(ColumnType.DOUBLE);
            case DECIMAL -> mapDecimal();
            case DATEDAY -> borrow(ColumnType.DATE);
            case TIMENANO -> borrow(ColumnType.TIME);
            case TIMESTAMPNANO, TIMESTAMPNANOTZ -> borrow(ColumnType.TIMESTAMP_NS);
            case VIEWVARCHAR -> borrowViews(ColumnType.VARCHAR);
            case VIEWVARBINARY -> borrowViews(ColumnType.VARBINARY);
            case UINT1, UINT2, UINT4, UINT8 -> mapUnsigned();
            case DATEMILLI, TIMESEC, TIMEMILLI, TIMEMICRO -> mapTimes();
            case TIMESTAMPSEC, TIMESTAMPSECTZ, TIMESTAMPMILLI, TIMESTAMPMILLITZ, TIMESTAMPMICRO, TIMESTAMPMICROTZ ->
                mapTimestamps();
            case VARCHAR -> symbols == null ? copyTexts(ColumnType.VARCHAR, false) : internTexts(symbols);
            case LARGEVARCHAR -> copyTexts(ColumnType.VARCHAR, true);
            case VARBINARY -> copyTexts(ColumnType.VARBINARY, false);
            case LARGEVARBINARY -> copyTexts(ColumnType.VARBINARY, true);
            case FIXEDSIZEBINARY -> copyFixed();
            default -> throw unsupported("Arrow type " + source.getField().getType());
        };
    }

    private EngineException unsupported(String what) {
        return new EngineException(ErrorCode.DATATYPE_MISMATCH, where + " cannot be made of " + what);
    }

    private ColumnVector borrow(ColumnType type) {
        ArrowBuf data = source.getDataBuffer();
        ColumnVector borrowed = new ColumnVector(type);
        requireBytes(data, type.kind() == TypeKind.BOOLEAN ? bitBytes() : (long) rows * type.width(), "values");
        ArrowBuf bits = source.getNullCount() > 0 ? source.getValidityBuffer() : null;
        if (bits != null) {
            requireBytes(bits, bitBytes(), "validity");
        }
        return borrowed.point(data, data.memoryAddress(), bits, bits == null ? 0 : bits.memoryAddress());
    }

    private long bitBytes() {
        return (rows + Byte.SIZE - 1L) / Byte.SIZE;
    }

    private ColumnVector borrowViews(ColumnType type) {
        List<ArrowBuf> buffers = ((BaseVariableWidthViewVector) source).getDataBuffers();
        checkViews(buffers);
        long[] addresses = buffers.stream().mapToLong(ArrowBuf::memoryAddress).toArray();
        return borrow(type).withHeaps(buffers.toArray(ArrowBuf[]::new), addresses);
    }

    private void checkViews(List<ArrowBuf> buffers) {
        ArrowBuf views = source.getDataBuffer();
        requireBytes(views, (long) rows * ColumnVector.VIEW_BYTES, "views");
        long[] capacities = buffers.stream().mapToLong(ArrowBuf::capacity).toArray();
        for (int i = 0; i < rows; i++) {
            long view = views.memoryAddress() + (long) i * ColumnVector.VIEW_BYTES;
            int length = Memory.getInt(view);
            if ((length >= 0 && length <= ColumnVector.INLINE_BYTES) || source.isNull(i)) {
                continue;
            }
            int buffer = Memory.getInt(view + VIEW_BUFFER);
            long start = Memory.getInt(view + VIEW_OFFSET);
            boolean known = buffer >= 0 && buffer < capacities.length;
            if (length < 0 || !known || start < 0 || start + length > capacities[buffer]) {
                throw broken(
                        "a view of " + length + " bytes from " + start + " in buffer " + buffer + " of "
                                + capacities.length + (known ? ", which has " + capacities[buffer] + " bytes" : ""),
                        i);
            }
        }
    }

    /** A caller's vector that would have us read what is not its own. */
    private EngineException broken(String what, int row) {
        return new EngineException(
                ErrorCode.DATATYPE_MISMATCH,
                where + " got a broken Arrow vector: " + what + " (row " + (row + 1) + ")");
    }

    private void requireBytes(ArrowBuf buffer, long bytes, String what) {
        if (buffer.capacity() < bytes) {
            throw new EngineException(
                    ErrorCode.DATATYPE_MISMATCH,
                    where + " got a broken Arrow vector: " + rows + " rows need " + bytes + " bytes of " + what
                            + ", it has " + buffer.capacity());
        }
    }

    private static String outOfBuffer(long start, long end, long capacity) {
        return "a value from byte " + start + " to " + end + " of a buffer of " + capacity + " bytes";
    }

    private ColumnVector mapDecimal() {
        ArrowType.Decimal type = (ArrowType.Decimal) source.getField().getType();
        if (type.getBitWidth() != DECIMAL_BITS || type.getScale() < 0 || type.getScale() > type.getPrecision()) {
            throw unsupported("Arrow type " + type);
        }
        return borrow(ColumnType.decimal(type.getPrecision(), type.getScale()));
    }

    private ColumnVector mapUnsigned() {
        long data = source.getDataBuffer().memoryAddress();
        return switch (source.getMinorType()) {
            case UINT1 -> convert(ColumnType.SMALLINT, i -> Memory.getByte(data + i) & 0xFF);
            case UINT2 -> convert(ColumnType.INTEGER, i -> Memory.getShort(data + ((long) i << 1)) & 0xFFFF);
            case UINT4 -> convert(ColumnType.BIGINT, i -> Memory.getInt(data + ((long) i << 2)) & 0xFFFF_FFFFL);
            default ->
                convert(ColumnType.BIGINT, i -> {
                    long value = Memory.getLong(data + ((long) i << 3));
                    if (value < 0) {
                        throw outside(ErrorCode.NUMERIC_OUT_OF_RANGE, Long.toUnsignedString(value), "BIGINT", i);
                    }
                    return value;
                });
        };
    }

    private EngineException outside(ErrorCode code, String value, String type, int row) {
        return new EngineException(
                code, where + " got " + value + ", which is outside the range of " + type + " (row " + (row + 1) + ")");
    }

    private ColumnVector mapTimes() {
        long data = source.getDataBuffer().memoryAddress();
        return switch (source.getMinorType()) {
            case DATEMILLI ->
                convert(ColumnType.DATE, i -> {
                    long millis = Memory.getLong(data + ((long) i << 3));
                    long day = Math.floorDiv(millis, MILLIS_PER_DAY);
                    if (day != (int) day) {
                        throw outside(ErrorCode.DATETIME_OUT_OF_RANGE, millis + " ms since 1970", "DATE", i);
                    }
                    return day;
                });
            case TIMESEC ->
                convert(ColumnType.time(SECOND_DIGITS), i -> Memory.getInt(data + ((long) i << 2)) * NANOS_PER_SECOND);
            case TIMEMILLI ->
                convert(ColumnType.time(MILLI_DIGITS), i -> Memory.getInt(data + ((long) i << 2)) * NANOS_PER_MILLI);
            default ->
                convert(ColumnType.time(MICRO_DIGITS), i -> {
                    long micros = Memory.getLong(data + ((long) i << 3));
                    if (micros < 0 || micros >= MICROS_PER_DAY) {
                        throw outside(ErrorCode.DATETIME_OUT_OF_RANGE, micros + " microseconds", "TIME", i);
                    }
                    return micros * NANOS_PER_MICRO;
                });
        };
    }

    private ColumnVector mapTimestamps() {
        return switch (source.getMinorType()) {
            case TIMESTAMPSEC, TIMESTAMPSECTZ -> scaleTimestamps(SECOND_DIGITS, NANOS_PER_SECOND);
            case TIMESTAMPMILLI, TIMESTAMPMILLITZ -> scaleTimestamps(MILLI_DIGITS, NANOS_PER_MILLI);
            default -> scaleTimestamps(MICRO_DIGITS, NANOS_PER_MICRO);
        };
    }

    private ColumnVector scaleTimestamps(int digits, long unit) {
        long data = source.getDataBuffer().memoryAddress();
        ColumnType type = ColumnType.timestamp(digits);
        return convert(type, i -> {
            long value = Memory.getLong(data + ((long) i << 3));
            long nanos = value * unit;
            if (nanos / unit != value) {
                throw outside(
                        ErrorCode.DATETIME_OUT_OF_RANGE,
                        value + " " + source.getField().getType(),
                        "TIMESTAMP (1677-09-21 to 2262-04-11)",
                        i);
            }
            return nanos;
        });
    }

    private WritableColumn begin(ColumnType type) {
        WritableColumn column = new WritableColumn(budget, type);
        converted = column;
        column.reserve(Math.max(rows, 1));
        return column;
    }

    private ColumnVector convert(ColumnType type, IntToLongFunction value) {
        WritableColumn column = begin(type);
        for (int i = 0; i < rows; i++) {
            if (source.isNull(i)) {
                column.setLong(i, 0);
                column.setNull(i);
            } else {
                column.setLong(i, value.applyAsLong(i));
            }
        }
        column.setRowCount(rows);
        return column.vector();
    }

    private ColumnVector copyTexts(ColumnType type, boolean large) {
        WritableColumn column = begin(type);
        // an empty vector may have no offsets at all
        if (rows > 0) {
            requireBytes(source.getOffsetBuffer(), (rows + 1L) * (large ? Long.BYTES : Integer.BYTES), OFFSETS);
        }
        long capacity = source.getDataBuffer().capacity();
        long offsets = rows == 0 ? 0 : source.getOffsetBuffer().memoryAddress();
        long bytes = source.getDataBuffer().memoryAddress();
        for (int i = 0; i < rows; i++) {
            if (source.isNull(i)) {
                setNullBytes(column, i);
                continue;
            }
            long start = large ? Memory.getLong(offsets + ((long) i << 3)) : Memory.getInt(offsets + ((long) i << 2));
            long end = large
                    ? Memory.getLong(offsets + ((long) (i + 1) << 3))
                    : Memory.getInt(offsets + ((long) (i + 1) << 2));
            if (start < 0 || end < start || end > capacity) {
                throw broken(outOfBuffer(start, end, capacity), i);
            }
            if (end - start > Integer.MAX_VALUE) {
                throw outside(ErrorCode.VALUE_TOO_LONG, (end - start) + " bytes", type.toString(), i);
            }
            column.setBytes(i, bytes + start, (int) (end - start));
        }
        column.setRowCount(rows);
        return column.vector();
    }

    private ColumnVector internTexts(SymbolTable table) {
        WritableColumn column = begin(ColumnType.SYMBOL);
        column.setDictionary(table);
        if (rows > 0) {
            ArrowBuf bytes = source.getDataBuffer();
            SymbolEncoder encoder = new SymbolEncoder(table, bytes.memoryAddress(), bytes.capacity(), rows);
            boolean nulls = source.getNullCount() > 0;
            requireBytes(source.getOffsetBuffer(), (rows + 1L) * Integer.BYTES, OFFSETS);
            long offsets = source.getOffsetBuffer().memoryAddress();
            checkTexts(offsets, bytes);
            int encoded = encoder.encode(
                    offsets, nulls ? source.getValidityBuffer().memoryAddress() : 0, rows, column.data());
            if (encoded < rows) {
                long at = offsets + ((long) encoded << 2);
                throw broken(
                        outOfBuffer(Memory.getInt(at), Memory.getInt(at + Integer.BYTES), bytes.capacity()), encoded);
            }
            if (nulls) {
                Bitmaps.copy(source.getValidityBuffer().memoryAddress(), 0, column.validity(), 0, rows);
            }
        }
        column.setRowCount(rows);
        return column.vector();
    }

    /** Before they are among the symbols, which are there for good. Offsets that are wrong are left to the encoder. */
    private void checkTexts(long offsets, ArrowBuf bytes) {
        for (int i = 0; i < rows; i++) {
            long at = offsets + ((long) i << 2);
            int start = Memory.getInt(at);
            int end = Memory.getInt(at + Integer.BYTES);
            if (source.isNull(i)) {
                continue;
            }
            if (start < 0 || end < start || end > bytes.capacity()) {
                return;
            }
            if (!PackedTexts.isUtf8(bytes.memoryAddress() + start, end - start)) {
                throw ForeignValues.failure(
                        new ForeignValues.Fault(ErrorCode.INVALID_ENCODING, i, "bytes that are not UTF-8"), where, 0);
            }
        }
    }

    private ColumnVector copyFixed() {
        int width = ((ArrowType.FixedSizeBinary) source.getField().getType()).getByteWidth();
        requireBytes(source.getDataBuffer(), (long) rows * width, "values");
        WritableColumn column = begin(ColumnType.VARBINARY);
        long bytes = source.getDataBuffer().memoryAddress();
        for (int i = 0; i < rows; i++) {
            if (source.isNull(i)) {
                setNullBytes(column, i);
            } else {
                column.setBytes(i, bytes + (long) i * width, width);
            }
        }
        column.setRowCount(rows);
        return column.vector();
    }

    private static void setNullBytes(WritableColumn column, int row) {
        column.setBytes(row, new byte[0]);
        column.setNull(row);
    }

    private ColumnVector decode(DictionaryEncoding encoding, @Nullable DictionaryProvider dictionaries) {
        Dictionary dictionary = dictionaries == null ? null : dictionaries.lookup(encoding.getId());
        if (dictionary == null) {
            throw unsupported("dictionary-encoded values without their dictionary " + encoding.getId());
        }
        FieldVector texts = dictionary.getVector();
        ArrowColumn values = new ArrowColumn(budget, where, texts, texts.getValueCount(), null, null);
        dictionaryTexts = values;
        int[] positions = dictionaryPositions(map(), texts.getValueCount());
        if (converted != null) {
            converted.close();
        }
        if (symbols != null && values.vector().type().kind() == TypeKind.VARCHAR) {
            ForeignValues.check(values.vector(), texts.getValueCount(), where + " the dictionary of which");
            return internPositions(symbols, values.vector(), positions, texts.getValueCount());
        }
        WritableColumn column = new WritableColumn(budget, values.vector().type());
        converted = column;
        column.gatherShared(values.vector(), positions, rows);
        return column.vector();
    }

    /** -1 for NULL. */
    private int[] dictionaryPositions(ColumnVector codes, int size) {
        int[] positions = new int[rows];
        for (int i = 0; i < rows; i++) {
            boolean isNull = codes.isNull(i);
            long code = isNull ? -1 : codes.getAsLong(i);
            if (code >= size || (code < 0 && !isNull)) {
                throw outside(ErrorCode.NUMERIC_OUT_OF_RANGE, "dictionary code " + code, "a dictionary of " + size, i);
            }
            positions[i] = (int) code;
        }
        return positions;
    }

    /** Texts of the Arrow dictionary that no row has are not added to the symbols. */
    private ColumnVector internPositions(SymbolTable table, ColumnVector texts, int[] positions, int size) {
        WritableColumn column = begin(ColumnType.SYMBOL);
        column.setDictionary(table);
        int[] codes = new int[size];
        for (int i = 0; i < rows; i++) {
            int position = positions[i];
            if (position < 0 || texts.isNull(position)) {
                column.setLong(i, 0);
                column.setNull(i);
                continue;
            }
            if (codes[position] == 0) {
                // kept one higher: 0 says that it is not known yet
                codes[position] = table.intern(texts.viewBytes(position), texts.viewLength(position)) + 1;
            }
            column.setLong(i, codes[position] - 1);
        }
        column.setRowCount(rows);
        return column.vector();
    }

    /** Frees what was converted; the Arrow vector is not touched. */
    @Override
    public void close() {
        if (converted != null) {
            converted.close();
            converted = null;
        }
        if (dictionaryTexts != null) {
            dictionaryTexts.close();
            dictionaryTexts = null;
        }
    }
}
