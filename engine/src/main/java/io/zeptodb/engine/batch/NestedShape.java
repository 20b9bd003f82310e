package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.NestedField;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of an ARRAY or ROW lie in its bytes. A value is one string of bytes, a view of a column as a text is, so that whatever copies, keeps, spills,
 * hashes and compares bytes takes it as it is; equal values have equal bytes, for NaN and 0 have one form each inside a value.
 *
 * <pre>
 *   ARRAY   int32 n     number of elements; a ROW has as many parts as its type has fields, and no such number
 *   both    ceil(n / 8) bytes   bit i set: part i is not NULL
 *           n slots     a fixed-width value (BOOLEAN 1 byte, 0 or 1), or int32 offset from the first byte of the value and int32 length; 0 for NULL
 *           the bytes of texts, binaries and nested values, in the order of their parts
 * </pre>
 *
 * Little-endian, without padding. Immutable and thread-safe.
 */
public final class NestedShape {
    private static final int COUNT_BYTES = Integer.BYTES;
    /** Offset and length of what has no fixed width. */
    private static final int REFERENCE_BYTES = Long.BYTES;

    private final ColumnType type;
    private final boolean array;
    private final ColumnType[] parts;
    private final @Nullable NestedShape[] inner;
    /** Of a ROW: bytes of the slots before part i, and of all. */
    private final int[] slotOffsets;

    /** @param type an ARRAY or ROW */
    public NestedShape(ColumnType type) {
        this.type = type;
        this.array = type.kind() == TypeKind.ARRAY;
        List<NestedField> fields = type.fields();
        parts = new ColumnType[fields.size()];
        inner = new NestedShape[parts.length];
        slotOffsets = new int[parts.length + 1];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = fields.get(i).type();
            inner[i] = parts[i].kind().isNested() ? new NestedShape(parts[i]) : null;
            slotOffsets[i + 1] = slotOffsets[i] + slotBytes(parts[i]);
        }
    }

    private static int slotBytes(ColumnType type) {
        return switch (type.kind()) {
            case NULL, BOOLEAN -> 1;
            case VARCHAR, VARBINARY, ARRAY, ROW -> REFERENCE_BYTES;
            default -> type.width();
        };
    }

    public ColumnType type() {
        return type;
    }

    /** The type of part i. */
    public ColumnType part(int i) {
        return parts[array ? 0 : i];
    }

    /** The shape of part i, which is nested itself. */
    public NestedShape inner(int i) {
        NestedShape shape = inner[array ? 0 : i];
        if (shape == null) {
            throw new IllegalStateException("part " + i + " of " + type + " is not nested");
        }
        return shape;
    }

    /** Elements of the ARRAY, or fields of the ROW, whose bytes begin at the address. */
    public int count(long address) {
        return array ? Memory.getInt(address) : parts.length;
    }

    public boolean isNull(long address, int i) {
        return !Memory.getBit(bits(address), i);
    }

    private long bits(long address) {
        return array ? address + COUNT_BYTES : address;
    }

    /** Address of the slot of part i. */
    public long slot(long address, int i) {
        return address + slotOffset(count(address), i);
    }

    /** Bytes before the slot of part i in a value of n parts; of part n: before the texts. */
    int slotOffset(int n, int i) {
        int before = ((n + 7) >>> 3) + (array ? COUNT_BYTES : 0);
        return before + (array ? i * slotBytes(parts[0]) : slotOffsets[i]);
    }

    /** Where the count stands, if it does: 0 bytes of a ROW. */
    int countBytes() {
        return array ? COUNT_BYTES : 0;
    }

    /** Address of the bytes of part i: a text, binary or nested value that is not NULL. */
    public long bytes(long address, int i) {
        return address + Memory.getInt(slot(address, i));
    }

    /** How many bytes {@link #bytes} has. */
    public int length(long address, int i) {
        return Memory.getInt(slot(address, i) + Integer.BYTES);
    }

    /** Writes part i to a reserved row of a column of the part's type. */
    public void read(long address, int i, WritableColumn target, int row) {
        if (isNull(address, i)) {
            writeNull(target, row);
            return;
        }
        long slot = slot(address, i);
        switch (target.type().kind()) {
            case NULL -> {}
            case BOOLEAN -> target.setBoolean(row, Memory.getByte(slot) != 0);
            case REAL -> target.setDouble(row, Memory.getFloat(slot));
            case DOUBLE -> target.setDouble(row, Memory.getDouble(slot));
            case DECIMAL -> target.setDecimal(row, Memory.getLong(slot + Long.BYTES), Memory.getLong(slot));
            case VARCHAR, VARBINARY, ARRAY, ROW ->
                target.setBytes(row, address + Memory.getInt(slot), Memory.getInt(slot + Integer.BYTES));
            default -> target.setLong(row, whole(slot, target.type()));
        }
    }

    /** NULL at a reserved row, with nothing below it that could be taken for a view. */
    public static void writeNull(WritableColumn target, int row) {
        if (target.type().kind().isView()) {
            target.setBytes(row, new byte[0]);
        }
        if (target.type().kind() != TypeKind.NULL) {
            target.setNull(row);
        }
    }

    private static long whole(long slot, ColumnType type) {
        return switch (type.width()) {
            case 1 -> Memory.getByte(slot);
            case 2 -> Memory.getShort(slot);
            case 4 -> Memory.getInt(slot);
            default -> Memory.getLong(slot);
        };
    }

    /** The value as a list, see {@link io.zeptodb.engine.api.NestedText}: for edges, not for loops. */
    public List<@Nullable Object> toList(long address) {
        int n = count(address);
        List<@Nullable Object> values = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            values.add(isNull(address, i) ? null : object(address, i));
        }
        return values;
    }

    private @Nullable Object object(long address, int i) {
        long slot = slot(address, i);
        ColumnType part = part(i);
        return switch (part.kind()) {
            case NULL -> null;
            case BOOLEAN -> Memory.getByte(slot) != 0;
            case REAL -> (double) Memory.getFloat(slot);
            case DOUBLE -> Memory.getDouble(slot);
            case DECIMAL -> decimal(slot, part.scale());
            case VARCHAR -> new String(copy(address, i), StandardCharsets.UTF_8);
            case VARBINARY -> copy(address, i);
            case ARRAY, ROW -> inner(i).toList(bytes(address, i));
            default -> whole(slot, part);
        };
    }

    private byte[] copy(long address, int i) {
        byte[] bytes = new byte[length(address, i)];
        Memory.copyToArray(bytes(address, i), bytes, 0, bytes.length);
        return bytes;
    }

    private static BigDecimal decimal(long slot, int scale) {
        BigInteger high = BigInteger.valueOf(Memory.getLong(slot + Long.BYTES)).shiftLeft(Long.SIZE);
        BigInteger low = new BigInteger(Long.toUnsignedString(Memory.getLong(slot)));
        return new BigDecimal(high.add(low), scale);
    }
}
