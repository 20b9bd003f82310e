package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of key columns, column by column: equal keys, in the sense of GROUP BY, have equal hashes. NULL equals NULL, -0.0 equals 0.0, every
 * NaN equals every NaN; SYMBOL hashes its code, so all batches of one table must share the dictionary. Stateless.
 */
public final class KeyHashing {
    /** As memory is read. */
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long SEED = 0x9E3779B97F4A7C15L;
    private static final long NULL_HASH = 0x6A09E667F3BCC909L;
    private static final long MIX_1 = 0xBF58476D1CE4E5B9L;
    private static final long MIX_2 = 0x94D049BB133111EBL;
    private static final int MIX_INT_1 = 0x85EBCA6B;
    private static final int MIX_INT_2 = 0xC2B2AE35;

    private KeyHashing() {}

    /** A bijection of longs whose bits all depend on all bits. */
    public static long mix(long value) {
        long h = value;
        h = (h ^ (h >>> 30)) * MIX_1;
        h = (h ^ (h >>> 27)) * MIX_2;
        return h ^ (h >>> 31);
    }

    /** A bijection of ints: two different ints never have one hash. */
    public static int mixInt(int value) {
        int h = value;
        h = (h ^ (h >>> 16)) * MIX_INT_1;
        h = (h ^ (h >>> 13)) * MIX_INT_2;
        return h ^ (h >>> 16);
    }

    /** The bits that stand for a double in comparisons of keys. */
    static long canonicalBits(double value) {
        return Double.doubleToLongBits(value + 0.0);
    }

    /** The bits that stand for a float in comparisons of keys. */
    static int canonicalBits(float value) {
        return Float.floatToIntBits(value + 0.0f);
    }

    /** Writes the 32-bit hash of each key to {@code hashes[i]} for the i-th position that counts; {@code wide} is scratch of that length. */
    public static void hash(
            ColumnVector[] keys, @Nullable SelectionVector selection, int count, long[] wide, int[] hashes) {
        hash(keys, selection == null ? null : selection.positions(), count, wide, hashes);
    }

    /** As above for the first positions of an array, or, when it is null, for positions 0, 1, 2, … */
    public static void hash(ColumnVector[] keys, int @Nullable [] positions, int count, long[] wide, int[] hashes) {
        Arrays.fill(wide, 0, count, SEED);
        for (ColumnVector key : keys) {
            add(key, positions, count, wide);
        }
        for (int i = 0; i < count; i++) {
            long h = mix(wide[i]);
            hashes[i] = (int) (h ^ (h >>> 32));
        }
    }

    /** As above, 64 bits of one key for each position: different 8-byte numbers never have one hash. */
    public static void hashWide(ColumnVector key, int @Nullable [] positions, int count, long[] hashes) {
        Arrays.fill(hashes, 0, count, SEED);
        add(key, positions, count, hashes);
        for (int i = 0; i < count; i++) {
            hashes[i] = mix(hashes[i]);
        }
    }

    /**
     * The hash that {@link #hash} gives a single key of this value.
     *
     * @param value in the representation of plans: Boolean, Long (a SYMBOL's code too), Double, BigDecimal of the key's scale, String or byte[]
     */
    public static int hashOf(TypeKind kind, Object value) {
        long bits = switch (kind) {
            case REAL -> canonicalBits(((Number) value).floatValue());
            case DOUBLE -> canonicalBits(((Number) value).doubleValue());
            case DECIMAL -> {
                BigInteger unscaled = ((BigDecimal) value).unscaledValue();
                yield decimalHash(
                        unscaled.longValue(), unscaled.shiftRight(Long.SIZE).longValue());
            }
            case VARCHAR -> bytesHash(((String) value).getBytes(StandardCharsets.UTF_8));
            case VARBINARY -> bytesHash((byte[]) value);
            case BOOLEAN -> (Boolean) value ? 1 : 0;
            default -> ((Number) value).longValue();
        };
        long h = mix(step(SEED, bits));
        return (int) (h ^ (h >>> 32));
    }

    private static void add(ColumnVector key, int @Nullable [] positions, int count, long[] wide) {
        int mask = key.mask();
        long data = key.data();
        if (key.hasNulls()) {
            for (int i = 0; i < count; i++) {
                int row = positions == null ? i : positions[i];
                wide[i] = step(wide[i], key.isNull(row) ? NULL_HASH : valueHash(key, row & mask));
            }
            return;
        }
        switch (key.type().kind()) {
            case INTEGER, DATE, SYMBOL, INTERVAL_MONTH -> {
                for (int i = 0; i < count; i++) {
                    int row = (positions == null ? i : positions[i]) & mask;
                    wide[i] = step(wide[i], Memory.getInt(data + ((long) row << 2)));
                }
            }
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> {
                for (int i = 0; i < count; i++) {
                    int row = (positions == null ? i : positions[i]) & mask;
                    wide[i] = step(wide[i], Memory.getLong(data + ((long) row << 3)));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    int row = (positions == null ? i : positions[i]) & mask;
                    wide[i] = step(wide[i], valueHash(key, row));
                }
            }
        }
    }

    private static long step(long hash, long value) {
        return mix(hash ^ value) + SEED;
    }

    private static long valueHash(ColumnVector key, int row) {
        return switch (key.type().kind()) {
            case REAL -> canonicalBits(key.getFloat(row));
            case DOUBLE -> canonicalBits(key.getDouble(row));
            case DECIMAL -> decimalHash(key.getDecimalLow(row), key.getDecimalHigh(row));
            case VARCHAR, VARBINARY, ARRAY, ROW -> bytesHash(key, row);
            case NULL -> NULL_HASH;
            default -> key.getAsLong(row);
        };
    }

    private static long decimalHash(long low, long high) {
        return low ^ Long.rotateLeft(mix(high), 1);
    }

    private static long bytesHash(byte[] bytes) {
        long hash = bytes.length;
        int i = 0;
        for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, i)) + SEED;
        }
        long rest = 0;
        for (; i < bytes.length; i++) {
            rest = (rest << Byte.SIZE) | (bytes[i] & 0xFF);
        }
        return mix(hash ^ rest);
    }

    private static long bytesHash(ColumnVector key, int row) {
        int length = key.viewLength(row);
        long at = key.viewBytes(row);
        long hash = length;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            hash = mix(hash ^ Memory.getLong(at + i)) + SEED;
        }
        long rest = 0;
        for (; i < length; i++) {
            rest = (rest << Byte.SIZE) | (Memory.getByte(at + i) & 0xFF);
        }
        return mix(hash ^ rest);
    }
}
