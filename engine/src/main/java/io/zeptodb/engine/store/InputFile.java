package io.zeptodb.engine.store;

import java.nio.ByteBuffer;

/** A file that is being read: the one that had the name when it was opened, also when another one takes the name meanwhile. One thread. */
public interface InputFile extends AutoCloseable {
    /** What messages call it: its absolute path. */
    String path();

    /** Bytes of it now. */
    long length();

    /** Bytes [offset, offset + target.remaining()) into an array's buffer, less when the file ends before: the number read. */
    int read(long offset, ByteBuffer target);

    @Override
    void close();
}
