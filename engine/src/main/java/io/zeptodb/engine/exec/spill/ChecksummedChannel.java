package io.zeptodb.engine.exec.spill;

import io.zeptodb.engine.store.OutputFile;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;

/** A file as the channel that Arrow writes to; knows the checksum of what went through. One thread. */
final class ChecksummedChannel implements WritableByteChannel {
    private static final int BUFFER_BYTES = 1 << 14;

    private final OutputFile file;
    private final CRC32C checksum = new CRC32C();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long position;

    ChecksummedChannel(OutputFile file) {
        this.file = file;
    }

    static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Bytes written. */
    long position() {
        return position;
    }

    /** Of what was written since this was called last. */
    int takeChecksum() {
        int value = (int) checksum.getValue();
        checksum.reset();
        return value;
    }

    @Override
    public int write(ByteBuffer source) {
        int count = source.remaining();
        while (source.hasRemaining()) {
            int part = Math.min(buffer.length, source.remaining());
            source.get(buffer, 0, part);
            checksum.update(buffer, 0, part);
            file.write(buffer, 0, part);
            position += part;
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
