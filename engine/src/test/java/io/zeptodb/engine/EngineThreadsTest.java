package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EngineThreadsTest {
    @Test
    void aTaskThatFailsEndsNoThreadAndTheNextOneRuns() throws InterruptedException {
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> uncaught.set(error));
        try (EngineThreads threads = new EngineThreads("test", 1)) {
            AtomicReference<Thread> first = new AtomicReference<>();
            AtomicReference<Thread> last = new AtomicReference<>();
            CountDownLatch done = new CountDownLatch(1);
            threads.inBackground(() -> {
                first.set(Thread.currentThread());
                throw new IllegalStateException("a failure that this test makes");
            });
            threads.inBackground(() -> {
                throw new StackOverflowError("a failure that this test makes");
            });
            threads.inBackground(() -> {
                last.set(Thread.currentThread());
                done.countDown();
            });
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(last.get()).isSameAs(first.get());
            assertThat(uncaught.get()).isNull();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
