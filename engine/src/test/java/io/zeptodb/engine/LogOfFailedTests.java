package io.zeptodb.engine;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * For tests that break the disk on purpose, again and again: what the database then logs, rightly, with the trace of its threads, is printed when the
 * test fails, and only its end. Tests run one after the other, so the standard error is nobody else's.
 */
final class LogOfFailedTests implements BeforeEachCallback, AfterEachCallback {
    private static final int MOST_BYTES = 1 << 18;
    private static final int PRINTED_BYTES = 1 << 15;

    private @Nullable PrintStream before;
    private @Nullable Tail tail;

    /** The last bytes that were written. */
    private static final class Tail extends ByteArrayOutputStream {
        @Override
        public synchronized void write(int b) {
            super.write(b);
            cut();
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            super.write(bytes, from, length);
            cut();
        }

        private void cut() {
            if (count > MOST_BYTES) {
                System.arraycopy(buf, count - PRINTED_BYTES, buf, 0, PRINTED_BYTES);
                count = PRINTED_BYTES;
            }
        }

        synchronized String end() {
            int from = Math.max(0, count - PRINTED_BYTES);
            return new String(buf, from, count - from, StandardCharsets.UTF_8);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        before = System.err;
        tail = new Tail();
        System.setErr(new PrintStream(tail, true, StandardCharsets.UTF_8));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        PrintStream out = before;
        Tail written = tail;
        if (out == null || written == null) {
            return;
        }
        System.setErr(out);
        if (context.getExecutionException().isPresent()) {
            out.print(written.end());
            out.flush();
        }
    }
}
