package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.kernel.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** Scratch room for a text in lower case, to be matched without case. One thread; closed by who made it. */
final class FoldedText implements AutoCloseable {
    private static final int LEAST_BYTES = 256;

    private final MemoryBudget budget;
    private @Nullable ArrowBuf scratch;

    FoldedText(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Upper and lower case alike. */
    static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    boolean matches(LikePattern pattern, long bytes, int length, Runnable stopCheck) {
        if (Utf8.isAscii(bytes, length)) {
            long to = room(length);
            for (int i = 0; i < length; i++) {
                byte b = Memory.getByte(bytes + i);
                Memory.putByte(to + i, (byte) (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b));
            }
            return pattern.matches(to, length, stopCheck);
        }
        byte[] folded = fold(Utf8Text.decode(bytes, length)).getBytes(StandardCharsets.UTF_8);
        long to = room(folded.length);
        Memory.copyFromArray(folded, 0, to, folded.length);
        return pattern.matches(to, folded.length, stopCheck);
    }

    private long room(int bytes) {
        ArrowBuf room = scratch;
        if (room == null || room.capacity() < bytes) {
            close();
            room = budget.allocate(Math.max(bytes, LEAST_BYTES));
            scratch = room;
        }
        return room.memoryAddress();
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.close();
            scratch = null;
        }
    }
}
