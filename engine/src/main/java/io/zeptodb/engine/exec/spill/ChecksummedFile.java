package io.zeptodb.engine.exec.spill;

import io.zeptodb.engine.batch.ArrowMessages;
import io.zeptodb.engine.store.OutputFile;
import java.util.zip.CRC32C;

/** A file that is written, with the checksum of what went there. One thread. */
final class ChecksummedFile implements ArrowMessages.Sink {
    private static final int PIECE_BYTES = 1 << 14;

    private final OutputFile file;
    private final CRC32C checksum = new CRC32C();
    private final byte[] piece = new byte[PIECE_BYTES];

    ChecksummedFile(OutputFile file) {
        this.file = file;
    }

    /** Scratch memory of the writer. */
    byte[] piece() {
        return piece;
    }

    /** Bytes written. */
    long position() {
        return file.length();
    }

    /** Of what was written since this was called last. */
    int takeChecksum() {
        int value = (int) checksum.getValue();
        checksum.reset();
        return value;
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        file.write(bytes, from, count);
        checksum.update(bytes, from, count);
    }
}
