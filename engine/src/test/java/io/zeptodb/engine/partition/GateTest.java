package io.zeptodb.engine.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GateTest {
    @Test
    void oneIsInsideAndWhatTheWaitThrowsEndsIt() {
        Gate gate = new Gate();
        gate.enter(() -> {
            throw new AssertionError("nobody waits here");
        });
        assertThat(gate.tryEnter()).isFalse();
        assertThatThrownBy(() -> gate.enter(() -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");
        gate.leave();
        assertThat(gate.tryEnter()).isTrue();
        gate.leave();
    }

    @Test
    void anInterruptedThreadWaitsOnAndIsInterruptedBehindTheWait() throws Exception {
        Gate gate = new Gate();
        gate.enter();
        CountDownLatch asked = new CountDownLatch(3);
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            gate.enter(asked::countDown);
            interrupted.set(Thread.interrupted());
            gate.leave();
        });
        thread.start();
        thread.interrupt();
        asked.await();
        assertThat(thread.isAlive()).isTrue();
        gate.leave();
        thread.join();
        assertThat(interrupted.get()).isTrue();
        assertThat(gate.tryEnter()).isTrue();
    }
}
