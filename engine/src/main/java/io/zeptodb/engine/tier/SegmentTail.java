package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.Directory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.zip.CRC32C;

/** Reads the end of a segment's file: the checksum that the manifest knows first, then what it says. */
final class SegmentTail {
    private static final int FIRST_READ_BYTES = 1 << 16;

    private SegmentTail() {}

    /** @throws EngineException CORRUPTION when the file is not the one that the manifest names; FEATURE_NOT_SUPPORTED for one of a later version */
    static SegmentIndex read(Directory directory, SegmentMetadata metadata) {
        String name = metadata.file().name();
        String path = directory.path(name);
        long length = directory.lengthOfNamed(name);
        if (length != metadata.file().bytes()) {
            throw corrupt(
                    path,
                    Math.min(length, metadata.file().bytes()),
                    "the file has " + length + " bytes, the manifest expects "
                            + metadata.file().bytes());
        }
        byte[] tail = bytes(directory, name, length, Math.min(length, FIRST_READ_BYTES));
        long wanted = tailBytes(tail, length);
        boolean possible = wanted > 0 && wanted <= length && wanted <= Integer.MAX_VALUE - Long.SIZE;
        if (possible && wanted > tail.length) {
            tail = bytes(directory, name, length, wanted);
        }
        int start = possible ? (int) (tail.length - wanted) : 0;
        CRC32C crc = new CRC32C();
        crc.update(tail, start, tail.length - start);
        if (!possible || (int) crc.getValue() != metadata.file().checksum()) {
            throw corrupt(
                    path,
                    length - (tail.length - start),
                    String.format(
                            Locale.ROOT,
                            "the index at the end of the file has checksum %08x, the manifest expects %08x",
                            (int) crc.getValue(),
                            metadata.file().checksum()));
        }
        return decode(tail, start, length, path, metadata);
    }

    private static SegmentIndex decode(byte[] tail, int start, long length, String path, SegmentMetadata metadata) {
        ByteBuffer in = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
        int trailer = trailerAt(in);
        int version = in.getInt(trailer + Long.BYTES);
        if (version != SegmentFormat.VERSION) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "'" + path + "' has version " + version + " of the format of segments, this release reads "
                            + SegmentFormat.VERSION + ": open it with the release that wrote it or a later one");
        }
        int indexBytes = (int) in.getLong(trailer + Long.BYTES + 2 * Integer.BYTES);
        long end = length - (tail.length - start);
        SegmentIndex index = SegmentIndex.decode(new ByteReader(tail, start, start + indexBytes, path, end), end);
        if (index.number() != metadata.number() || index.runs().rows() != metadata.rows()) {
            throw corrupt(
                    path,
                    end,
                    "the file is segment " + index.number() + " of "
                            + index.runs().rows() + " rows, the manifest expects segment " + metadata.number() + " of "
                            + metadata.rows());
        }
        return index;
    }

    private static byte[] bytes(Directory directory, String name, long length, long count) {
        ByteBuffer into = ByteBuffer.allocate((int) count);
        int read = directory.read(name, length - count, into);
        if (read != count) {
            throw corrupt(directory.path(name), length - count + read, "the file was cut while it was read");
        }
        return into.array();
    }

    /** Where the trailer begins when the end of the file is as it should be, else -1. */
    private static int trailerAt(ByteBuffer in) {
        int footerEnd = in.limit() - SegmentFormat.END_BYTES;
        if (footerEnd < SegmentFormat.TRAILER_BYTES) {
            return -1;
        }
        int footerBytes = in.getInt(footerEnd);
        if (footerBytes <= 0 || footerBytes > footerEnd - SegmentFormat.TRAILER_BYTES) {
            return -1;
        }
        int trailer = footerEnd - footerBytes - SegmentFormat.TRAILER_BYTES;
        return in.getLong(trailer) == SegmentFormat.TRAILER_MAGIC ? trailer : -1;
    }

    /** Bytes from the index to the end of the file, as the end says; -1 when it says nothing that can be. */
    private static long tailBytes(byte[] tail, long length) {
        ByteBuffer in = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
        int trailer = trailerAt(in);
        if (trailer < 0) {
            return -1;
        }
        int padding = in.getInt(trailer + Long.BYTES + Integer.BYTES);
        long indexBytes = in.getLong(trailer + Long.BYTES + 2 * Integer.BYTES);
        if (padding < 0 || padding >= SegmentFormat.MESSAGE_ALIGNMENT || indexBytes < 0 || indexBytes > length) {
            return -1;
        }
        return tail.length - trailer + padding + indexBytes;
    }

    static EngineException corrupt(String path, long offset, String what) {
        return new EngineException(
                ErrorCode.CORRUPTION,
                "'" + path + "' is damaged at offset " + offset + ": " + what + "; restore the file from a backup");
    }
}
