package io.zeptodb.engine.function.scalar;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.kernel.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LongSearchTest {
    private static final int SEED = 7;
    private static final int ROUNDS = 100_000;

    /** Parts of few different bytes, so that they occur, overlap and repeat themselves. */
    @Test
    void findsWhatIndexOfFinds() {
        Random random = new Random(SEED);
        int found = 0;
        try (BufferAllocator allocator = new RootAllocator();
                ArrowBuf room = allocator.buffer(256)) {
            for (int round = 0; round < ROUNDS; round++) {
                int letters = 1 + random.nextInt(3);
                String unit = text(random, 1 + random.nextInt(5), letters);
                String part = random.nextBoolean()
                        ? unit.repeat(1 + random.nextInt(4)) + text(random, random.nextInt(2), letters)
                        : text(random, 1 + random.nextInt(12), letters);
                String whole = random.nextBoolean()
                        ? text(random, random.nextInt(60), letters)
                        : text(random, random.nextInt(9), letters) + unit.repeat(random.nextInt(8)) + part;
                int from = random.nextInt(3);
                long text = put(whole, room.memoryAddress());
                long sought = put(part, text + whole.length());
                int place = LongSearch.find(text, whole.length(), from, sought, part.length());
                assertThat(place).as("'%s' in '%s' from %s", part, whole, from).isEqualTo(whole.indexOf(part, from));
                found += place >= 0 ? 1 : 0;
            }
        }
        assertThat(found).isBetween(ROUNDS / 4, ROUNDS - ROUNDS / 8);
    }

    @Test
    @Timeout(60)
    void takesNoProductOfLengths() {
        int length = 16 << 20;
        try (BufferAllocator allocator = new RootAllocator();
                ArrowBuf text = allocator.buffer(length);
                ArrowBuf part = allocator.buffer(length / 2)) {
            Memory.fill(text.memoryAddress(), length, (byte) 'a');
            Memory.fill(part.memoryAddress(), length / 2, (byte) 'a');
            assertThat(LongSearch.find(text.memoryAddress(), length, 1, part.memoryAddress(), length / 2))
                    .isEqualTo(1);
            Memory.putByte(part.memoryAddress() + length / 2 - 1, (byte) 'b');
            assertThat(LongSearch.find(text.memoryAddress(), length, 0, part.memoryAddress(), length / 2))
                    .isEqualTo(-1);
            Memory.putByte(part.memoryAddress() + length / 4, (byte) 'b');
            assertThat(LongSearch.find(text.memoryAddress(), length, 0, part.memoryAddress(), length / 2))
                    .isEqualTo(-1);
        }
    }

    private static long put(String text, long address) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Memory.copyFromArray(bytes, 0, address, bytes.length);
        return address;
    }

    private static String text(Random random, int length, int letters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(letters)));
        }
        return text.toString();
    }
}
