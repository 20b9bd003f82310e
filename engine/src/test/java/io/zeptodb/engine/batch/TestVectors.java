package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Columns from Java values and back: Long for integer-like kinds, Double, BigDecimal, String, byte[], Boolean, null. */
public final class TestVectors {
    private TestVectors() {}

    /** A column of these values; the caller closes it. */
    public static WritableColumn column(MemoryBudget budget, ColumnType type, List<? extends @Nullable Object> values) {
        WritableColumn column = new WritableColumn(budget, type);
        column.reserve(Math.max(1, values.size()));
        for (int i = 0; i < values.size(); i++) {
            put(column, i, values.get(i));
        }
        column.setRowCount(values.size());
        return column;
    }

    public static void put(WritableColumn column, int row, @Nullable Object value) {
        if (value == null) {
            if (column.type().kind().isView()) {
                column.setBytes(row, new byte[0]);
            }
            column.setNull(row);
            return;
        }
        switch (column.type().kind()) {
            case BOOLEAN -> column.setBoolean(row, (Boolean) value);
            case REAL, DOUBLE -> column.setDouble(row, ((Number) value).doubleValue());
            case DECIMAL -> column.setDecimal(row, (BigDecimal) value);
            case VARCHAR -> column.setText(row, (String) value);
            case VARBINARY -> column.setBytes(row, (byte[]) value);
            default -> column.setLong(row, ((Number) value).longValue());
        }
    }

    public static @Nullable Object get(ColumnVector vector, int row) {
        TypeKind kind = vector.type().kind();
        if (kind == TypeKind.NULL || vector.isNull(row)) {
            return null;
        }
        return switch (kind) {
            case BOOLEAN -> vector.getBoolean(row);
            case REAL -> (double) vector.getFloat(row);
            case DOUBLE -> vector.getDouble(row);
            case DECIMAL -> vector.getDecimal(row);
            case VARCHAR -> vector.getText(row);
            case VARBINARY -> vector.getBytes(row);
            default -> vector.getAsLong(row);
        };
    }

    /** A dictionary whose codes are the list's places. */
    public static final class Dictionary implements SymbolDictionary, AutoCloseable {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private final ConcurrentHashMap<String, Integer> codes = new ConcurrentHashMap<>();
        private final WritableColumn values;

        public Dictionary(MemoryBudget budget, List<String> texts) {
            this.values = new WritableColumn(budget, ColumnType.VARCHAR);
            texts.forEach(this::add);
        }

        public int add(String text) {
            return codes.computeIfAbsent(text, t -> {
                int code = texts.size();
                texts.add(t);
                values.reserve(code + 1);
                values.setText(code, t);
                values.setRowCount(code + 1);
                return code;
            });
        }

        @Override
        public int size() {
            return texts.size();
        }

        @Override
        public int find(CharSequence text) {
            return codes.getOrDefault(text.toString(), -1);
        }

        @Override
        public String text(int code) {
            return texts.get(code);
        }

        @Override
        public ColumnVector values() {
            return values.vector();
        }

        @Override
        public void close() {
            values.close();
        }
    }
}
