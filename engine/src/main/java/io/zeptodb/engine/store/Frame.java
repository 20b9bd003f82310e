package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The layout of a record in a file, little-endian. The checksum covers everything behind it, so that a length that lies is found as surely as a
 * changed byte.
 *
 * <pre>
 *   0         4         8         12        13   14        16              24              32
 *   +---------+---------+---------+----+----+---------+---------------+---------------+----------------
 *   | magic   | length  | CRC32C  |kind|flag| version | number        | synced        | payload ...
 *   +---------+---------+---------+----+----+---------+---------------+---------------+----------------
 * </pre>
 *
 * <ul>
 *   <li>length: bytes of the payload
 *   <li>kind, flags: what the payload is; the owner's
 *   <li>version: of the payload's layout
 *   <li>number: ascends strictly in a file, so that old bytes behind the end are never taken for new ones
 *   <li>synced: bytes of the file that were on the disk for certain when the record was written; what is broken before that place of a record
 *       that is whole is damage, not a write that a crash has torn
 * </ul>
 */
public final class Frame {
    public static final int MAGIC = 0x52465A1A;
    public static final int HEADER_BYTES = 32;
    /** Longest payload: owners of more split it. */
    public static final int MOST_PAYLOAD = 1 << 28;

    private static final int LENGTH_AT = 4;
    private static final int CHECKSUM_AT = 8;
    private static final int KIND_AT = 12;
    private static final int FLAGS_AT = 13;
    private static final int VERSION_AT = 14;
    private static final int NUMBER_AT = 16;
    private static final int SYNCED_AT = 24;

    private Frame() {}

    /**
     * Writes the header before a payload.
     *
     * @param bytes the header's room at [at, at + HEADER_BYTES), the payload behind it
     * @throws EngineException VALUE_TOO_LONG for a payload that no reader would take
     */
    public static void seal(
            byte[] bytes, int at, int payloadLength, int kind, int flags, int version, long number, long synced) {
        if (payloadLength > MOST_PAYLOAD) {
            throw new EngineException(
                    ErrorCode.VALUE_TOO_LONG,
                    "a record of " + payloadLength + " bytes is too long for a file: " + MOST_PAYLOAD
                            + " are the most");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(at, MAGIC);
        header.putInt(at + LENGTH_AT, payloadLength);
        header.put(at + KIND_AT, (byte) kind);
        header.put(at + FLAGS_AT, (byte) flags);
        header.putShort(at + VERSION_AT, (short) version);
        header.putLong(at + NUMBER_AT, number);
        header.putLong(at + SYNCED_AT, synced);
        header.putInt(at + CHECKSUM_AT, checksum(bytes, at, payloadLength));
    }

    private static int checksum(byte[] bytes, int at, int payloadLength) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at + LENGTH_AT, Integer.BYTES);
        crc.update(bytes, at + KIND_AT, HEADER_BYTES - KIND_AT + payloadLength);
        return (int) crc.getValue();
    }

    /** Whether a whole header could be here: magic and a length that is possible. */
    public static boolean startsAt(ByteBuffer header, int at) {
        return header.getInt(at) == MAGIC && length(header, at) >= 0 && length(header, at) <= MOST_PAYLOAD;
    }

    /** Whether the record at {@code at} is whole: magic, length within the array, checksum. */
    public static boolean isWhole(byte[] bytes, int at, int limit) {
        if (at + HEADER_BYTES > limit) {
            return false;
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return startsAt(header, at)
                && (long) at + HEADER_BYTES + length(header, at) <= limit
                && header.getInt(at + CHECKSUM_AT) == checksum(bytes, at, length(header, at));
    }

    public static int length(ByteBuffer header, int at) {
        return header.getInt(at + LENGTH_AT);
    }

    public static int kind(ByteBuffer header, int at) {
        return header.get(at + KIND_AT);
    }

    public static int flags(ByteBuffer header, int at) {
        return header.get(at + FLAGS_AT);
    }

    public static int version(ByteBuffer header, int at) {
        return header.getShort(at + VERSION_AT) & 0xFFFF;
    }

    public static long number(ByteBuffer header, int at) {
        return header.getLong(at + NUMBER_AT);
    }

    public static long synced(ByteBuffer header, int at) {
        return header.getLong(at + SYNCED_AT);
    }
}
