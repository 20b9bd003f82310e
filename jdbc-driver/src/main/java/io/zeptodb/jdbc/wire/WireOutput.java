package io.zeptodb.jdbc.wire;

import java.io.ByteArrayOutputStream;

/** A message that is written piece by piece: first its head, then its payload. One thread. */
public final class WireOutput extends ByteArrayOutputStream {
    public WireOutput(Object head) {
        writeBytes(WireBytes.ofHead(head));
    }

    /** The bytes where they lie; the first {@link #size()} are the message. */
    public byte[] array() {
        return buf;
    }
}
