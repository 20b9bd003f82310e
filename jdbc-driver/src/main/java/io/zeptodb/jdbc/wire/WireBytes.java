package io.zeptodb.jdbc.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A message as it travels; see the package's description for the layout. Immutable.
 *
 * @param bytes all of it
 * @param headLength bytes of the head
 */
public record WireBytes(byte[] bytes, int headLength) {
    /** Bytes of the length in front of the head. */
    public static final int PREFIX_BYTES = Integer.BYTES;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    // the engine says how long a statement may be
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** The prefix and the head of a message. */
    public static byte[] ofHead(Object head) {
        return of(head, new byte[0]);
    }

    /** A whole message. */
    public static byte[] of(Object head, byte[] payload) {
        try {
            byte[] json = JSON.writeValueAsBytes(head);
            return ByteBuffer.allocate(PREFIX_BYTES + json.length + payload.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(json.length)
                    .put(json)
                    .put(payload)
                    .array();
        } catch (IOException e) {
            throw new IllegalStateException("a head is plain data", e);
        }
    }

    /** @throws IOException when these bytes are no message */
    public static WireBytes read(byte[] bytes) throws IOException {
        if (bytes.length < PREFIX_BYTES) {
            throw new IOException("a message of " + bytes.length + " bytes is too short");
        }
        int headLength = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (headLength < 0 || headLength > bytes.length - PREFIX_BYTES) {
            throw new IOException("a head of " + headLength + " bytes does not fit in " + bytes.length);
        }
        return new WireBytes(bytes, headLength);
    }

    /** @throws IOException when the head is not of this kind */
    public <T> T head(Class<T> kind) throws IOException {
        T head = JSON.readValue(bytes, PREFIX_BYTES, headLength, kind);
        if (head == null) {
            throw new IOException("a head is null");
        }
        return head;
    }

    /** Where the payload begins in {@link #bytes}; it goes on to the end. */
    public int payloadAt() {
        return PREFIX_BYTES + headLength;
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return Arrays.copyOfRange(bytes, payloadAt(), bytes.length);
    }
}
