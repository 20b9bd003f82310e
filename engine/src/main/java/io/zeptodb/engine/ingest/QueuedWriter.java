package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.StagedColumn;
import io.zeptodb.engine.batch.SymbolTable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The writer's end of a queue. Values go straight into the current block; {@link #append()} takes a place in the queue and hands the row
 * over. A value that its column does not take spoils the row, which append() then refuses. No object is made for a row.
 */
final class QueuedWriter implements RowWriter {
    private static final int SYMBOL_CACHE = 1024;
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;

    private final RowPipeline pipeline;
    private final TableSchema schema;
    private final TypeKind[] kinds;
    private final long[] least;
    private final long[] most;
    private final long[] isSet;
    private final long[] allSet;
    private final @Nullable SymbolTable[] dictionaries;

    private final AtomicLong received = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    private StagedRows block;
    /** The block that follows, fetched before the last row of this one takes its place in the queue. */
    private @Nullable StagedRows spare;

    private StagedColumn[] columns;
    private int row;
    private @Nullable EngineException fault;
    private boolean closed;

    /** Texts of symbols met lately, by hash, so that most need no look into the dictionary. */
    private final @Nullable String[] cachedTexts = new String[SYMBOL_CACHE];

    private final int[] cachedCodes = new int[SYMBOL_CACHE];
    private final int[] cachedOrdinals = new int[SYMBOL_CACHE];

    QueuedWriter(RowPipeline pipeline, @Nullable SymbolTable[] dictionaries, StagedRows first) {
        this.pipeline = pipeline;
        this.schema = pipeline.schema();
        this.dictionaries = dictionaries;
        List<ColumnDefinition> definitions = schema.columns();
        int count = definitions.size();
        kinds = new TypeKind[count];
        least = new long[count];
        most = new long[count];
        isSet = new long[(count + Long.SIZE - 1) / Long.SIZE];
        allSet = new long[isSet.length];
        for (int i = 0; i < count; i++) {
            kinds[i] = definitions.get(i).type().kind();
            setRange(i);
            allSet[i / Long.SIZE] |= 1L << i;
        }
        block = first;
        columns = first.columns;
    }

    private void setRange(int ordinal) {
        least[ordinal] = switch (kinds[ordinal]) {
            case TINYINT -> Byte.MIN_VALUE;
            case SMALLINT -> Short.MIN_VALUE;
            case INTEGER, DATE -> Integer.MIN_VALUE;
            case TIME -> 0;
            default -> Long.MIN_VALUE;
        };
        most[ordinal] = switch (kinds[ordinal]) {
            case TINYINT -> Byte.MAX_VALUE;
            case SMALLINT -> Short.MAX_VALUE;
            case INTEGER, DATE -> Integer.MAX_VALUE;
            case TIME -> NANOS_PER_DAY - 1;
            default -> Long.MAX_VALUE;
        };
    }

    long receivedRows() {
        return received.get();
    }

    long refusedRows() {
        return refused.get();
    }

    @Override
    public RowWriter setLong(int ordinal, long value) {
        if (!isColumn(ordinal)) {
            return this;
        }
        switch (kinds[ordinal]) {
            case BIGINT, TIMESTAMP -> columns[ordinal].setLong(row, value);
            case TINYINT, SMALLINT, INTEGER, DATE, TIME -> {
                if (value < least[ordinal] || value > most[ordinal]) {
                    spoil(ordinal, ErrorCode.NUMERIC_OUT_OF_RANGE, "is " + type(ordinal) + ", got " + value);
                }
                columns[ordinal].setLong(row, value);
            }
            default -> spoilType(ordinal, "an integer");
        }
        mark(ordinal);
        return this;
    }

    @Override
    public RowWriter setDouble(int ordinal, double value) {
        if (isColumn(ordinal)) {
            if (kinds[ordinal].isFloat()) {
                columns[ordinal].setDouble(row, value);
            } else {
                spoilType(ordinal, "DOUBLE");
            }
            mark(ordinal);
        }
        return this;
    }

    @Override
    public RowWriter setBoolean(int ordinal, boolean value) {
        if (isColumn(ordinal)) {
            if (kinds[ordinal] == TypeKind.BOOLEAN) {
                columns[ordinal].setLong(row, value ? 1 : 0);
            } else {
                spoilType(ordinal, "BOOLEAN");
            }
            mark(ordinal);
        }
        return this;
    }

    @Override
    public RowWriter setDecimal(int ordinal, BigDecimal value) {
        if (isColumn(ordinal) && isThere(ordinal, value)) {
            if (kinds[ordinal] == TypeKind.DECIMAL) {
                setScaled(ordinal, value);
            } else {
                spoilType(ordinal, "DECIMAL");
            }
            mark(ordinal);
        }
        return this;
    }

    private void setScaled(int ordinal, BigDecimal value) {
        ColumnType type = type(ordinal);
        BigDecimal shortest = value.stripTrailingZeros();
        // a number far outside is not to be written out in digits
        boolean fits = shortest.signum() == 0
                || (shortest.scale() <= type.scale()
                        && (long) shortest.precision() - shortest.scale() <= type.precision() - type.scale());
        if (fits) {
            columns[ordinal].setDecimal(row, shortest.setScale(type.scale()));
        } else {
            spoil(ordinal, ErrorCode.NUMERIC_OUT_OF_RANGE, "is " + type + ", got " + value);
        }
    }

    @Override
    public RowWriter setString(int ordinal, CharSequence value) {
        if (isColumn(ordinal) && isThere(ordinal, value)) {
            try {
                switch (kinds[ordinal]) {
                    case VARCHAR -> columns[ordinal].setText(row, value);
                    case SYMBOL -> setSymbolText(ordinal, value);
                    default -> spoilType(ordinal, "VARCHAR");
                }
                mark(ordinal);
            } catch (EngineException e) {
                refuse(e.code() == ErrorCode.CLOSED ? e : refusal(ordinal, e.code(), e));
            } catch (RuntimeException | Error e) {
                refuse(refusal(ordinal, ErrorCode.INVALID_ARGUMENT, e));
                throw e;
            }
        }
        return this;
    }

    private void setSymbolText(int ordinal, CharSequence value) {
        if (value instanceof String text) {
            int at = (text.hashCode() + ordinal) & (SYMBOL_CACHE - 1);
            if (cachedOrdinals[at] == ordinal && text.equals(cachedTexts[at])) {
                columns[ordinal].setLong(row, cachedCodes[at]);
                return;
            }
            int code = pipeline.symbol(ordinal, text);
            cachedTexts[at] = text;
            cachedCodes[at] = code;
            cachedOrdinals[at] = ordinal;
            columns[ordinal].setLong(row, code);
        } else {
            columns[ordinal].setLong(row, pipeline.symbol(ordinal, value));
        }
    }

    @Override
    public RowWriter setSymbol(int ordinal, int code) {
        if (isColumn(ordinal)) {
            SymbolTable dictionary = dictionaries[ordinal];
            if (dictionary == null) {
                spoilType(ordinal, "SYMBOL");
            } else if (code < 0 || code >= dictionary.size()) {
                spoil(ordinal, ErrorCode.INVALID_ARGUMENT, "has no symbol with code " + code);
            } else {
                columns[ordinal].setLong(row, code);
            }
            mark(ordinal);
        }
        return this;
    }

    @Override
    public RowWriter setBytes(int ordinal, byte[] value) {
        if (isColumn(ordinal) && isThere(ordinal, value)) {
            try {
                if (kinds[ordinal] == TypeKind.VARBINARY) {
                    columns[ordinal].setBytes(row, value);
                } else {
                    spoilType(ordinal, "VARBINARY");
                }
                mark(ordinal);
            } catch (RuntimeException | Error e) { // no room or no memory for them
                refuse(refusal(ordinal, ErrorCode.OUT_OF_MEMORY, e));
                throw e;
            }
        }
        return this;
    }

    @Override
    public RowWriter setNull(int ordinal) {
        if (isColumn(ordinal)) {
            isSet[ordinal / Long.SIZE] &= ~(1L << ordinal);
        }
        return this;
    }

    private boolean isColumn(int ordinal) {
        if (ordinal < 0 || ordinal >= kinds.length) {
            refuse(new EngineException(
                    ErrorCode.UNDEFINED_COLUMN,
                    "cannot append to '" + schema.name() + "': it has columns 0 to " + (kinds.length - 1) + ", got "
                            + ordinal));
            return false;
        }
        return true;
    }

    private boolean isThere(int ordinal, @Nullable Object value) {
        if (value == null) {
            spoil(ordinal, ErrorCode.INVALID_ARGUMENT, "got a Java null: call setNull, or leave the column out");
        }
        return value != null;
    }

    private void mark(int ordinal) {
        isSet[ordinal / Long.SIZE] |= 1L << ordinal;
    }

    private ColumnType type(int ordinal) {
        return schema.typeOf(ordinal);
    }

    /** Spoils the row that is being set: {@link #append()} will refuse it with this. */
    void refuse(EngineException reason) {
        if (fault == null) {
            fault = reason;
        }
    }

    private void spoilType(int ordinal, String got) {
        spoil(ordinal, ErrorCode.DATATYPE_MISMATCH, "is " + type(ordinal) + ", got " + got);
    }

    /** Of a value that failed by itself. */
    private EngineException refusal(int ordinal, ErrorCode code, Throwable cause) {
        String reason = cause instanceof EngineException ? cause.getMessage() : cause.toString();
        return new EngineException(
                code,
                "cannot append to '" + schema.name() + "': column '"
                        + schema.columns().get(ordinal).name() + "': " + reason,
                cause);
    }

    private void spoil(int ordinal, ErrorCode code, String what) {
        if (fault == null) {
            fault = TableWriter.refusal(schema.name(), schema.columns().get(ordinal), code, what, -1);
        }
    }

    @Override
    public void append() {
        received.lazySet(received.getPlain() + 1);
        boolean accepted = false;
        try {
            for (int word = 0; word < isSet.length; word++) {
                if (isSet[word] != allSet[word]) {
                    setMissing(word);
                }
            }
            EngineException spoilt = fault;
            if (spoilt != null) {
                throw spoilt;
            }
            if (closed) {
                throw new EngineException(
                        ErrorCode.CLOSED, "this writer of the pipeline of '" + schema.name() + "' is closed");
            }
            if (row + 1 == block.capacity && spare == null) {
                spare = pipeline.newBlock();
            }
            pipeline.takePlace();
            accepted = true;
        } finally {
            if (!accepted) {
                giveUpRow();
            }
        }
        handOver();
    }

    private void handOver() {
        Arrays.fill(isSet, 0);
        row++;
        StagedRows fresh = spare;
        if (row == block.capacity && fresh != null) {
            StagedRows full = block;
            spare = null;
            full.next = fresh;
            block = fresh;
            columns = fresh.columns;
            row = 0;
            full.publish(full.capacity);
        } else {
            block.publish(row);
        }
        pipeline.wakeDrain();
    }

    private void setMissing(int word) {
        long missing = allSet[word] & ~isSet[word];
        while (missing != 0) {
            int ordinal = word * Long.SIZE + Long.numberOfTrailingZeros(missing);
            missing &= missing - 1;
            if (schema.columns().get(ordinal).nullable()) {
                columns[ordinal].setNull(row);
            } else {
                spoil(ordinal, ErrorCode.NULL_NOT_ALLOWED, "is NOT NULL, got NULL");
            }
        }
    }

    /** The row was refused: the next one takes its slot. */
    private void giveUpRow() {
        refused.lazySet(refused.getPlain() + 1);
        fault = null;
        Arrays.fill(isSet, 0);
        for (StagedColumn column : columns) {
            column.clearNull(row);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pipeline.remove(this);
        }
    }
}
