package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random tables and rows as plain Java lists, and how to make batches of them. */
public final class StorageModel {
    public static final long HOUR = 3_600_000_000_000L;
    public static final long BASE = 1_700_000_000L * 1_000_000_000L;

    public static final List<ColumnType> ALL_TYPES = List.of(
            ColumnType.BOOLEAN,
            ColumnType.TINYINT,
            ColumnType.SMALLINT,
            ColumnType.INTEGER,
            ColumnType.BIGINT,
            ColumnType.REAL,
            ColumnType.DOUBLE,
            ColumnType.decimal(38, 4),
            ColumnType.VARCHAR,
            ColumnType.SYMBOL,
            ColumnType.VARBINARY,
            ColumnType.DATE,
            ColumnType.TIME,
            ColumnType.timestamp(9));

    private StorageModel() {}

    /** A table with a key of this type (null for none), a timestamp and a column of each type. */
    public static TableSchema schema(String name, ColumnType key, boolean timed, TimeSlice slice) {
        List<ColumnDefinition> columns = new ArrayList<>();
        if (key != null) {
            columns.add(new ColumnDefinition("k", key, true));
        }
        if (timed) {
            columns.add(new ColumnDefinition("ts", ColumnType.timestamp(9), true));
        }
        for (ColumnType type : ALL_TYPES) {
            columns.add(new ColumnDefinition("c_" + type.kind(), type, true));
        }
        return new TableSchema(
                name,
                columns,
                timed ? (key == null ? 0 : 1) : TableSchema.NONE,
                key == null ? TableSchema.NONE : 0,
                new PartitionScheme(key != null, slice));
    }

    public static Object[] randomRow(TableSchema schema, Random random, int keys, long[] clock) {
        Object[] row = new Object[schema.columns().size()];
        for (int i = 0; i < row.length; i++) {
            if (i == schema.keyOrdinal()) {
                int key = random.nextInt(keys);
                row[i] = random.nextInt(50) == 0 ? null : key(schema.typeOf(i), key);
            } else if (i == schema.timestampOrdinal()) {
                clock[0] += random.nextInt(3) == 0 ? 0 : random.nextInt(1_000_000_000);
                boolean late = random.nextInt(40) == 0;
                row[i] = random.nextInt(80) == 0 ? null : (Object) (clock[0] - (late ? random.nextLong(2 * HOUR) : 0));
            } else {
                row[i] = random.nextInt(6) == 0 ? null : randomValue(schema.typeOf(i), random);
            }
        }
        return row;
    }

    private static Object key(ColumnType type, int key) {
        return switch (type.kind()) {
            case SYMBOL -> "key" + key;
            case TINYINT -> (long) (byte) key;
            default -> key * 1_000_003L - 500;
        };
    }

    public static Object randomValue(ColumnType type, Random random) {
        return switch (type.kind()) {
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> (long) (byte) random.nextInt();
            case SMALLINT -> (long) (short) random.nextInt();
            case INTEGER, DATE -> (long) random.nextInt();
            case BIGINT, TIMESTAMP -> random.nextLong();
            case TIME -> random.nextLong(24 * HOUR);
            case REAL -> (double) random.nextFloat();
            case DOUBLE -> random.nextGaussian();
            case DECIMAL ->
                new BigDecimal(new BigInteger(120, random).subtract(BigInteger.ONE.shiftLeft(119)), type.scale());
            case VARCHAR -> "ä€".repeat(random.nextInt(8)) + random.nextInt(100);
            case SYMBOL -> "sym" + random.nextInt(200);
            case VARBINARY -> {
                byte[] bytes = new byte[random.nextInt(30)];
                random.nextBytes(bytes);
                yield new String(bytes, StandardCharsets.ISO_8859_1);
            }
            default -> throw new IllegalArgumentException(type.toString());
        };
    }

    /** Columns of rows; SYMBOL values as VARCHAR. Close them. */
    public static List<WritableColumn> columns(TableSchema schema, List<Object[]> rows, MemoryBudget budget) {
        List<WritableColumn> columns = new ArrayList<>();
        for (int c = 0; c < schema.columns().size(); c++) {
            ColumnType type = schema.typeOf(c);
            ColumnType given = type.equals(ColumnType.SYMBOL) ? ColumnType.VARCHAR : type;
            WritableColumn column = new WritableColumn(budget, given);
            column.reserve(Math.max(rows.size(), 1));
            for (int r = 0; r < rows.size(); r++) {
                set(column, r, rows.get(r)[c]);
            }
            column.setRowCount(rows.size());
            columns.add(column);
        }
        return columns;
    }

    public static ColumnVector[] vectors(List<WritableColumn> columns) {
        return columns.stream().map(WritableColumn::vector).toArray(ColumnVector[]::new);
    }

    private static void set(WritableColumn column, int row, Object value) {
        if (value == null) {
            column.setNull(row);
            return;
        }
        switch (column.type().kind()) {
            case BOOLEAN -> column.setBoolean(row, (Boolean) value);
            case REAL, DOUBLE -> column.setDouble(row, (Double) value);
            case DECIMAL -> column.setDecimal(row, (BigDecimal) value);
            case VARCHAR -> column.setText(row, (String) value);
            case VARBINARY -> column.setBytes(row, ((String) value).getBytes(StandardCharsets.ISO_8859_1));
            default -> column.setLong(row, (Long) value);
        }
    }

    public static Object get(ColumnVector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        return switch (vector.type().kind()) {
            case BOOLEAN -> vector.getBoolean(row);
            case REAL -> (double) vector.getFloat(row);
            case DOUBLE -> vector.getDouble(row);
            case DECIMAL -> vector.getDecimal(row);
            case VARCHAR, SYMBOL -> vector.getText(row);
            case VARBINARY -> new String(vector.getBytes(row), StandardCharsets.ISO_8859_1);
            default -> vector.getAsLong(row);
        };
    }
}
