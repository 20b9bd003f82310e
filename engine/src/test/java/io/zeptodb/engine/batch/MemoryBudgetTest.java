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

    @Test
    void ownersOfAGroupShareItsLimit() {
        MemoryBudget group = database.group("user 'ann'", HALF, "user_memory_limit");
        MemoryBudget one = group.child("one", LIMIT, () -> {});
        MemoryBudget two = group.child("two", HALF / 2, () -> {});
        MemoryBudget three = one.child("within one");
        assertThat(one.limitBytes()).isEqualTo(HALF);
        one.reserveHeap(HALF / 4);
        three.reserveHeap(HALF / 4);
        try (ArrowBuf buffer = two.allocate(HALF / 4)) {
            assertThat(buffer.capacity()).isEqualTo(HALF / 4);
            assertThat(group.usedBytes()).isEqualTo(3 * HALF / 4);
            assertThat(two.availableBytes()).isEqualTo(HALF / 4);
            assertRefused(
                    () -> one.allocate(HALF / 2),
                    "'one' asked for 262144 bytes, has 131072 bytes; user 'ann' has 393216 of 524288 bytes in all sessions"
                            + " together (close results and transactions that are open, or raise user_memory_limit)");
            assertRefused(() -> three.reserveHeap(HALF / 4 + 1), "user 'ann' has 393216 of 524288");
            MemoryBudget part = one.part("part");
            assertRefused(() -> part.reserveHeap(HALF / 4 + 1), "user 'ann' has 393216 of 524288");
            part.close();
            // past its budget, in its allocator
            assertThatThrownBy(() -> one.allocator().buffer(HALF))
                    .isInstanceOfSatisfying(org.apache.arrow.memory.OutOfMemoryException.class, e -> {
                        EngineException told = one.refusal(e);
                        assertThat(told.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                        assertThat(told).hasMessageContaining("user 'ann' has 393216 of 524288");
                    });
            // its own limit, and those of others
            two.reserveHeap(HALF / 4);
            assertThat(one.availableBytes()).isZero();
            first.reserveHeap(HALF);
            assertRefused(
                    () -> first.allocate(1), "'first' asked for 1 bytes, has 524288 of 1048576; the database has");
            first.reserveHeap(-HALF);
            two.reserveHeap(-HALF / 4);
        }
        one.reserveHeap(-HALF / 4);
        assertRefused(
                () -> two.allocate(HALF / 2 + 1), "'two' asked for 262145 bytes, has 0 of 262144; the database has");
        assertThat(group.isUnused()).isFalse();
        three.close();
        one.close();
        assertThat(group.usedBytes()).isZero();
        assertThat(group.isUnused()).isFalse();
        two.close();
        assertThat(group.isUnused()).isTrue();
        group.close();
    }

    @Test
    void aLimitThatIsMadeTighterIsThatOfWhatIsHeldAlready() {
        MemoryBudget group = database.group("group", HALF, "limit");
        MemoryBudget one = group.child("one");
        one.reserveHeap(HALF / 2);
        group.setLimitBytes(HALF / 4);
        assertThat(one.availableBytes()).isZero();
        assertThat(one.limitBytes()).isEqualTo(HALF / 4);
        assertRefused(() -> one.allocate(1), "group has 262144 of 131072 bytes");
        group.setLimitBytes(2 * LIMIT);
        assertThat(group.limitBytes()).isEqualTo(LIMIT);
        one.allocate(1).close();
        one.close();
        group.close();
    }

    @Test
    void aGroupOfWhichABufferIsHeldSaysSoWhenItIsClosed() {
        MemoryBudget group = database.group("user 'ann'", HALF, "limit");
        MemoryBudget one = group.child("one");
        try (ArrowBuf held = one.allocate(64)) {
            assertThat(held.capacity()).isEqualTo(64);
            assertThatThrownBy(one::close).hasMessageContaining("64 bytes of 'one' are still held");
            assertThat(group.isUnused()).isFalse();
            assertThatThrownBy(group::close).hasMessageContaining("64 bytes of user 'ann' are still held");
        }
        assertThat(group.isUnused()).isTrue();
        one.close();
        group.close();
    }
}
