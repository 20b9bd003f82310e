package io.zeptodb.duckdb;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ResultColumn;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.function.IntFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/**
 * Copies a column from Arrow to DuckDB's vectors. Types that DuckDB's writer has no exact setter for (nanoseconds, days, bytes) travel
 * as numbers or text, and the view above turns them into what they are. One thread at a time.
 */
final class ColumnTransfer {
    private final ColumnType type;
    private byte @Nullable [][] texts;
    private int textsKnown;

    ColumnTransfer(ColumnType type) {
        this.type = type;
    }

    /** Declares a column to DuckDB in the type it travels as. */
    static void addColumn(DuckDBTableFunctionBindInfo info, ResultColumn column) {
        ColumnType type = column.type();
        try (DuckDBLogicalType travels = switch (type.kind()) {
            case DECIMAL -> DuckDBLogicalType.decimal(type.precision(), type.scale());
            case BOOLEAN -> DuckDBLogicalType.of(DuckDBColumnType.BOOLEAN);
            case TINYINT -> DuckDBLogicalType.of(DuckDBColumnType.TINYINT);
            case SMALLINT -> DuckDBLogicalType.of(DuckDBColumnType.SMALLINT);
            case INTEGER, DATE, INTERVAL_MONTH -> DuckDBLogicalType.of(DuckDBColumnType.INTEGER);
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> DuckDBLogicalType.of(DuckDBColumnType.BIGINT);
            case REAL -> DuckDBLogicalType.of(DuckDBColumnType.FLOAT);
            case DOUBLE -> DuckDBLogicalType.of(DuckDBColumnType.DOUBLE);
            case VARCHAR, SYMBOL, VARBINARY, NULL, ARRAY, ROW -> DuckDBLogicalType.of(DuckDBColumnType.VARCHAR);
        }) {
            info.addResultColumn(column.label(), travels);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB refuses column '" + column.label() + "' of type " + type, e);
        }
    }

    /** What the view makes of the column. DuckDB's TIME has microseconds: finer digits of a TIME are cut. */
    static String viewExpression(ResultColumn column) {
        String name = AttachedTable.quoted(column.label());
        return switch (column.type().kind()) {
            case TIMESTAMP -> "make_timestamp_ns(" + name + ")";
            case DATE -> "(DATE '1970-01-01' + " + name + ")";
            case TIME -> "(TIME '00:00:00' + to_microseconds(" + name + " // 1000))";
            case VARBINARY -> "unhex(" + name + ")";
            default -> name;
        };
    }

    /** Copies rows [from, from + count) to rows [at, at + count). */
    void copy(
            FieldVector source,
            @Nullable Dictionary dictionary,
            int from,
            int count,
            DuckDBWritableVector target,
            int at) {
        switch (type.kind()) {
            case VARCHAR -> {
                ViewVarCharVector texts = (ViewVarCharVector) source;
                strings(source, texts::get, from, count, target, at);
            }
            case SYMBOL -> {
                // rows that come in Avatica's frames have symbols as text
                if (source instanceof ViewVarCharVector texts) {
                    strings(source, texts::get, from, count, target, at);
                } else {
                    symbols((IntVector) source, dictionary, from, count, target, at);
                }
            }
            case VARBINARY -> {
                ViewVarBinaryVector bytes = (ViewVarBinaryVector) source;
                strings(
                        source,
                        row -> HexFormat.of().formatHex(bytes.get(row)).getBytes(StandardCharsets.US_ASCII),
                        from,
                        count,
                        target,
                        at);
            }
            default -> values(source, from, count, target, at);
        }
    }

    private void values(FieldVector source, int from, int count, DuckDBWritableVector target, int at) {
        ArrowBuf data = source.getDataBuffer();
        boolean nulls = source.getNullCount() > 0;
        for (int i = 0; i < count; i++) {
            int row = from + i;
            int to = at + i;
            if (nulls && source.isNull(row)) {
                target.setNull(to);
                continue;
            }
            switch (type.kind()) {
                case BOOLEAN -> target.setBoolean(to, ((BitVector) source).get(row) != 0);
                case TINYINT -> target.setByte(to, data.getByte(row));
                case SMALLINT -> target.setShort(to, data.getShort((long) row << 1));
                case INTEGER, DATE, INTERVAL_MONTH -> target.setInt(to, data.getInt((long) row << 2));
                case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> target.setLong(to, data.getLong((long) row << 3));
                case REAL -> target.setFloat(to, data.getFloat((long) row << 2));
                case DOUBLE -> target.setDouble(to, data.getDouble((long) row << 3));
                case DECIMAL -> target.setBigDecimal(to, ((DecimalVector) source).getObject(row));
                default -> target.setNull(to);
            }
        }
    }

    private static void strings(
            FieldVector source, IntFunction<byte[]> bytes, int from, int count, DuckDBWritableVector target, int at) {
        byte[][] chunk = new byte[count][];
        for (int i = 0; i < count; i++) {
            chunk[i] = source.isNull(from + i) ? new byte[0] : bytes.apply(from + i);
        }
        target.setStringUtf8Batch(at, chunk);
        for (int i = 0; i < count; i++) {
            if (source.isNull(from + i)) {
                target.setNull(at + i);
            }
        }
    }

    private void symbols(
            IntVector source,
            @Nullable Dictionary dictionary,
            int from,
            int count,
            DuckDBWritableVector target,
            int at) {
        if (dictionary == null) {
            throw new IllegalStateException("a SYMBOL column without a dictionary");
        }
        ViewVarCharVector values = (ViewVarCharVector) dictionary.getVector();
        byte[][] known = texts == null ? new byte[0][] : texts;
        if (textsKnown < values.getValueCount()) {
            known = java.util.Arrays.copyOf(known, values.getValueCount());
            for (; textsKnown < known.length; textsKnown++) {
                known[textsKnown] = values.get(textsKnown);
            }
            texts = known;
        }
        byte[][] all = known;
        strings(source, row -> all[source.get(row)], from, count, target, at);
    }
}
