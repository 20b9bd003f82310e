package io.zeptodb.engine.function;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.WritableColumn;
import java.nio.charset.StandardCharsets;

/** The longest text that functions make: a mistake in a count is no reason to run out of memory. */
public final class TextLimit {
    public static final long MOST_BYTES = 256L << 20;

    private TextLimit() {}

    /**
     * Refuses a text that is too long.
     *
     * @param function for the message
     * @param bytes of the text; or characters of it, which have as many bytes or more
     * @throws EngineException INVALID_ARGUMENT
     */
    public static void check(String function, long bytes) {
        if (bytes > MOST_BYTES) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    function + ": a text of " + bytes + " bytes or more is longer than " + MOST_BYTES);
        }
    }

    /**
     * Writes a text that was made in Java.
     *
     * @throws EngineException INVALID_ARGUMENT when it is too long
     */
    public static void put(String function, String text, int row, WritableColumn result) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        check(function, bytes.length);
        result.setBytes(row, bytes);
    }
}
