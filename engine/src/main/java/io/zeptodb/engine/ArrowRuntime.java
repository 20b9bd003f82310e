package io.zeptodb.engine;

import io.zeptodb.engine.kernel.ModuleAccess;
import io.zeptodb.engine.tier.ArrowCompression;
import org.apache.arrow.vector.compression.CompressionCodec;

/** What programs without a database of their own need to read and write Arrow's streams, such as the client of a server. Thread-safe. */
public final class ArrowRuntime {
    private static final CompressionCodec.Factory COMPRESSION = new ArrowCompression();

    private ArrowRuntime() {}

    /**
     * Lets Arrow reach the JDK's buffers, as its streams need it; opening a database does it too. To be called before the first class of Arrow is used, does
     * nothing the second time.
     */
    public static void open() {
        ModuleAccess.openNioToArrow();
    }

    /** LZ4 and Zstandard for the buffers of batches, without native libraries. */
    public static CompressionCodec.Factory compression() {
        return COMPRESSION;
    }
}
