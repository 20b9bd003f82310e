package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.kernel.Memory;

/** Copies rows from a vector into a writable column of the same width: one loop for each width, none with a branch on the type. */
final class ColumnCopy {
    private ColumnCopy() {}

    /** @param copyTexts long texts are copied; else views are taken as they are, and the target must have the source's heaps */
    static void range(ColumnVector source, int from, int count, WritableColumn target, int at, boolean copyTexts) {
        if (count == 0) {
            return;
        }
        target.reserve(at + count);
        inheritDictionary(source, target);
        if (source.isConstant()) {
            int[] zeros = new int[count];
            gather(source, zeros, count, target, at, copyTexts);
            return;
        }
        TypeKind kind = target.type().kind();
        if (kind == TypeKind.BOOLEAN) {
            Bitmaps.copy(source.data(), from, target.data(), at, count);
        } else if (kind.isView() && copyTexts) {
            for (int i = 0; i < count; i++) {
                copyView(source, from + i, target, at + i);
            }
        } else {
            long width = kind.width();
            Memory.copy(source.data() + from * width, target.data() + at * width, count * width);
        }
        if (source.hasNulls()) {
            Bitmaps.copy(source.validity(), from, target.validity(), at, count);
        } else if (target.hasNulls()) {
            markValid(target, at, count);
        }
    }

    static void gather(
            ColumnVector source, int[] positions, int count, WritableColumn target, int at, boolean copyTexts) {
        target.reserve(at + count);
        inheritDictionary(source, target);
        TypeKind kind = target.type().kind();
        if (target.hasNulls()) {
            markValid(target, at, count);
        }
        if (kind == TypeKind.BOOLEAN) {
            long to = target.data();
            for (int i = 0; i < count; i++) {
                Memory.putBit(to, at + i, positions[i] >= 0 && source.getBoolean(positions[i]));
            }
        } else if (kind.isView() && copyTexts) {
            for (int i = 0; i < count; i++) {
                if (positions[i] >= 0 && !source.isNull(positions[i])) {
                    copyView(source, positions[i], target, at + i);
                } else {
                    clearView(target, at + i);
                }
            }
        } else {
            values(source, positions, count, target, at, kind.width());
        }
        nulls(source, positions, count, target, at);
    }

    private static void values(
            ColumnVector source, int[] positions, int count, WritableColumn target, int at, int width) {
        long from = source.data();
        long to = target.data() + (long) at * width;
        int mask = source.mask();
        // a position of -1 reads row 0: any value does, the row becomes NULL; an empty source has no row 0 to read
        if (from == 0) {
            Memory.fill(to, (long) count * width, (byte) 0);
            return;
        }
        switch (width) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    Memory.putByte(to + i, Memory.getByte(from + (Math.max(positions[i], 0) & mask)));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    Memory.putShort(
                            to + ((long) i << 1),
                            Memory.getShort(from + ((long) (Math.max(positions[i], 0) & mask) << 1)));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    Memory.putInt(
                            to + ((long) i << 2),
                            Memory.getInt(from + ((long) (Math.max(positions[i], 0) & mask) << 2)));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    Memory.putLong(
                            to + ((long) i << 3),
                            Memory.getLong(from + ((long) (Math.max(positions[i], 0) & mask) << 3)));
                }
            }
            case 16 -> {
                for (int i = 0; i < count; i++) {
                    long row = from + ((long) (Math.max(positions[i], 0) & mask) << 4);
                    Memory.putLong(to + ((long) i << 4), Memory.getLong(row));
                    Memory.putLong(to + ((long) i << 4) + Long.BYTES, Memory.getLong(row + Long.BYTES));
                }
            }
            default -> {
                // NULL type: no values
            }
        }
    }

    private static void nulls(ColumnVector source, int[] positions, int count, WritableColumn target, int at) {
        if (source.hasNulls()) {
            long bits = source.validity();
            int mask = source.mask();
            long to = target.validity();
            for (int i = 0; i < count; i++) {
                int position = positions[i];
                Memory.putBit(to, at + i, position >= 0 && Memory.getBit(bits, Math.max(position, 0) & mask));
            }
            return;
        }
        int least = 0;
        for (int i = 0; i < count; i++) {
            least = Math.min(least, positions[i]);
        }
        if (least < 0) {
            long to = target.validity();
            for (int i = 0; i < count; i++) {
                Memory.putBit(to, at + i, positions[i] >= 0);
            }
        }
    }

    private static void copyView(ColumnVector source, int row, WritableColumn target, int at) {
        if (source.isNull(row)) {
            clearView(target, at);
            return;
        }
        long view = source.viewAddress(row);
        int length = Memory.getInt(view);
        if (length <= ColumnVector.INLINE_BYTES) {
            long to = target.data() + ((long) at << 4);
            Memory.putLong(to, Memory.getLong(view));
            Memory.putLong(to + Long.BYTES, Memory.getLong(view + Long.BYTES));
        } else {
            target.setBytes(at, source.viewBytes(row), length);
        }
    }

    private static void clearView(WritableColumn target, int at) {
        long view = target.data() + ((long) at << 4);
        Memory.putLong(view, 0);
        Memory.putLong(view + Long.BYTES, 0);
    }

    private static void markValid(WritableColumn target, int at, int count) {
        long bits = target.validity();
        for (int i = 0; i < count; i++) {
            Memory.setBit(bits, at + i);
        }
    }

    private static void inheritDictionary(ColumnVector source, WritableColumn target) {
        if (source.dictionary() != null) {
            target.joinDictionary(source.dictionary());
        }
    }
}
