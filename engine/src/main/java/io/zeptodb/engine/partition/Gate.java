package io.zeptodb.engine.partition;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets one thread through at a time; which one leaves does not matter. Who waits is asked every few milliseconds whether he still wants to. An
 * interrupt does not end a wait, for it could as well come in the middle of the work behind the gate: the thread has it again behind the wait.
 */
public final class Gate {
    private static final long WAIT_MILLIS = 20;

    private final Semaphore permit = new Semaphore(1);

    /** @param whileWaiting called every few milliseconds while another thread is inside; what it throws ends the wait */
    public void enter(Runnable whileWaiting) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (permit.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                    whileWaiting.run();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for as long as it takes. */
    public void enter() {
        permit.acquireUninterruptibly();
    }

    /** False when another thread is inside. */
    public boolean tryEnter() {
        return permit.tryAcquire();
    }

    public void leave() {
        permit.release();
    }
}
