package io.zeptodb.jdbc.wire;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.ByteArrayOutputStream;

/** A message that is written piece by piece: first its head, then its payload. One thread. */
public final class WireOutput extends ByteArrayOutputStream {
    /** What an array takes. */
    private static final int MOST_BYTES = Integer.MAX_VALUE - 16;

    public WireOutput(Object head) {
        writeBytes(WireBytes.ofHead(head));
    }

    /** @throws EngineException LIMIT_EXCEEDED when the message becomes longer than an array */
    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        checkRoom(count, length);
        super.write(bytes, from, length);
    }

    static void checkRoom(int written, int more) {
        if (more > MOST_BYTES - written) {
            throw new EngineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "a request of " + ((long) written + more) + " bytes or more is longer than the " + MOST_BYTES
                            + " that one can have; send fewer rows at once");
        }
    }

    /** The bytes where they lie; the first {@link #size()} are the message. */
    public byte[] array() {
        return buf;
    }
}
