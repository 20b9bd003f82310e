package io.zeptodb.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Buffers and Java arrays of several owners under one limit. */
class MemoryBudgetTest {
    private static final long LIMIT = 1 << 20;
    private static final long HALF = LIMIT / 2;

    private final MemoryBudget database = new MemoryBudget(new RootAllocator(LIMIT));
    private final MemoryBudget first = database.child("first");
    private final MemoryBudget second = database.child("second", HALF, () -> {});

    @AfterEach
    void nothingIsLeft() {
        first.close();
        second.close();
        assertThat(database.usedBytes()).isZero();
        database.close();
    }

    private static void assertRefused(ThrowingCallable what, String message) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY))
                .hasMessageContaining(message);
    }

    @Test
    void arraysAndBuffersOfAnOwnerCountTogether() {
        second.reserveHeap(HALF / 2);
        assertRefused(
                () -> second.allocate(HALF),
                "'second' asked for 524288 bytes, has 262144 of 524288; the database has 262144 of 1048576 bytes");
        try (ArrowBuf buffer = second.allocate(HALF / 2)) {
            assertThat(buffer.capacity()).isEqualTo(HALF / 2);
            assertRefused(() -> second.reserveHeap(1), "'second' asked for 1 bytes, has 524288 of 524288");
        }
        second.reserveHeap(1);
    }

    @Test
    void arraysAndBuffersOfAllOwnersCountTogether() {
        first.reserveHeap(LIMIT - HALF / 2);
        assertRefused(
                () -> second.reserveHeap(HALF),
                "'second' asked for 524288 bytes, has 0 of 524288; the database has 786432 of 1048576 bytes");
        assertRefused(() -> second.allocate(HALF), "'second' asked for 524288 bytes, has 0 of 524288");
        first.reserveHeap(HALF / 2 - LIMIT);
        second.reserveHeap(HALF);
        assertThat(database.usedBytes()).isEqualTo(HALF);
    }

    @Test
    void closingGivesBackTheArraysThatAnOwnerLeft() {
        first.reserveHeap(LIMIT);
        first.close();
        assertThat(database.usedBytes()).isZero();
        first.reserveHeap(-LIMIT);
        assertThat(database.usedBytes()).isZero();
        second.reserveHeap(HALF);
    }

    @Test
    void manyThreadsNeverHoldMoreThanTheLimit() throws InterruptedException {
        int threads = 4;
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger over = new AtomicInteger();
        AtomicInteger held = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Thread[] crew = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            MemoryBudget budget = database.child("thread " + t);
            boolean arrays = t % 2 == 0;
            crew[t] = new Thread(() -> {
                try (budget) {
                    start.await();
                    for (int i = 0; i < 5_000; i++) {
                        try (ArrowBuf buffer = budget.allocate(arrays ? 1 : HALF)) {
                            if (arrays) {
                                budget.reserveHeap(HALF);
                            }
                            over.accumulateAndGet(held.incrementAndGet(), Math::max);
                            held.decrementAndGet();
                            if (arrays) {
                                budget.reserveHeap(-HALF);
                            }
                        } catch (EngineException e) {
                            assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                        }
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            crew[t].setUncaughtExceptionHandler((ended, failure) -> failures.add(failure));
            crew[t].start();
        }
        start.countDown();
        for (Thread thread : crew) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(over.get()).isBetween(1, 2);
    }
}
