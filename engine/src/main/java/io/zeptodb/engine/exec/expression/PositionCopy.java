package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;

/** Copies values to the same positions of a column that is put together from several branches. */
final class PositionCopy {
    private PositionCopy() {}

    /** Makes a column ready for branches; texts and symbols at positions that no branch writes are harmless. */
    static void begin(WritableColumn target, int rows) {
        target.clear();
        target.reserve(rows);
        TypeKind kind = target.type().kind();
        if (kind.isView() || kind == TypeKind.SYMBOL) {
            Memory.fill(target.data(), (long) rows * kind.width(), (byte) 0);
        }
    }

    static void copy(ColumnVector source, SelectionVector selection, WritableColumn target) {
        int[] positions = selection.positions();
        int count = selection.count();
        if (source.dictionary() != null) {
            target.setDictionary(source.dictionary());
        }
        if (source.isConstant() && source.isNull(0)) {
            for (int i = 0; i < count; i++) {
                target.setNull(positions[i]);
            }
            return;
        }
        long from = source.data();
        long to = target.data();
        int mask = source.mask();
        switch (target.type().kind()) {
            case NULL -> {}
            case BOOLEAN -> {
                for (int i = 0; i < count; i++) {
                    Memory.putBit(to, positions[i], source.getBoolean(positions[i]));
                }
            }
            case TINYINT -> {
                for (int i = 0; i < count; i++) {
                    Memory.putByte(to + positions[i], Memory.getByte(from + (positions[i] & mask)));
                }
            }
            case SMALLINT -> {
                for (int i = 0; i < count; i++) {
                    int at = positions[i];
                    Memory.putShort(to + ((long) at << 1), Memory.getShort(from + ((long) (at & mask) << 1)));
                }
            }
            case INTEGER, REAL, DATE, SYMBOL, INTERVAL_MONTH -> {
                for (int i = 0; i < count; i++) {
                    int at = positions[i];
                    Memory.putInt(to + ((long) at << 2), Memory.getInt(from + ((long) (at & mask) << 2)));
                }
            }
            case BIGINT, DOUBLE, TIME, TIMESTAMP, INTERVAL_DAY -> {
                for (int i = 0; i < count; i++) {
                    int at = positions[i];
                    Memory.putLong(to + ((long) at << 3), Memory.getLong(from + ((long) (at & mask) << 3)));
                }
            }
            case DECIMAL -> {
                for (int i = 0; i < count; i++) {
                    int at = positions[i];
                    target.setDecimal(at, source.getDecimalHigh(at), source.getDecimalLow(at));
                }
            }
            case VARCHAR, VARBINARY, ARRAY, ROW -> copyTexts(source, positions, count, target);
        }
        if (source.hasNulls()) {
            copyNulls(source, positions, count, target);
        }
    }

    private static void copyTexts(ColumnVector source, int[] positions, int count, WritableColumn target) {
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            if (!source.isNull(at)) {
                target.setBytes(at, source.viewBytes(at), source.viewLength(at));
            }
        }
    }

    private static void copyNulls(ColumnVector source, int[] positions, int count, WritableColumn target) {
        for (int i = 0; i < count; i++) {
            if (source.isNull(positions[i])) {
                target.setNull(positions[i]);
            }
        }
    }
}
