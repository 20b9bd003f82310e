package io.zeptodb.jdbc.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.calcite.avatica.Meta;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Results that are read beside what their statement does. */
@Timeout(300)
class EngineStatementTest {
    private static final int TIMES = 200_000;
    /** Two threads that wait for each other that often have a turn each only now and then where there is but one processor for them. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long OVER = Long.MAX_VALUE;

    private static final class Result implements EngineStatement.ServedResult {
        private final AtomicInteger closes = new AtomicInteger();

        @Override
        public boolean isBusy() {
            return false;
        }

        @Override
        public void close() {
            closes.incrementAndGet();
        }
    }

    private interface Check {
        void of(EngineStatement statement) throws Exception;
    }

    private static void withStatement(Check check) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:zepto:");
                EngineMeta meta =
                        new EngineMeta(connection.unwrap(Database.class).openSession(), WireFormat.EXACT)) {
            check.of(meta.statement(meta.createStatement(new Meta.ConnectionHandle("c")).id));
        }
    }

    /** The last piece of a result may be sent while its client runs the statement again. */
    @Test
    void aReleaseThatComesLateEndsNoOtherResult() throws Exception {
        withStatement(statement -> {
            AtomicLong held = new AtomicLong();
            AtomicLong released = new AtomicLong();
            CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
                for (long number = 1; awaitLeast(held, number) < OVER; number += 2) {
                    statement.release(number);
                    released.set(number);
                }
            });
            long end = System.nanoTime() + MOST_NANOS;
            for (int i = 0; i < TIMES && System.nanoTime() < end; i++) {
                Result first = new Result();
                Result second = new Result();
                long number = statement.hold(first);
                held.set(number);
                statement.release(number);
                long next = statement.hold(second);
                awaitLeast(released, number);
                assertThat(first.closes.get()).isEqualTo(1);
                assertThat(statement.held(next)).isSameAs(second);
                statement.release(next);
                assertThat(second.closes.get()).isEqualTo(1);
            }
            held.set(OVER);
            reader.get(60, TimeUnit.SECONDS);
        });
    }

    private static long awaitLeast(AtomicLong counter, long number) {
        long spins = 0;
        long found = counter.get();
        while (found < number) {
            if (++spins % 1_000 == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
            found = counter.get();
        }
        return found;
    }

    @Test
    void aResultIsKeptUntilTheNext() throws Exception {
        withStatement(statement -> {
            Result first = new Result();
            Result second = new Result();
            long number = statement.hold(first);
            statement.release(number + 1);
            assertThat(statement.held(number)).isSameAs(first);
            long next = statement.hold(second);
            assertThat(first.closes.get()).isEqualTo(1);
            assertClosed(statement, number);
            assertThat(statement.isServing()).isTrue();
            statement.close();
            assertThat(second.closes.get()).isEqualTo(1);
            assertClosed(statement, next);
        });
    }

    /** Frames are made without a lock: only the thread that has the statement may read and end them. */
    @Test
    void framesHaveNoNumber() throws Exception {
        withStatement(statement -> {
            statement.prepare("VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)");
            statement.serve(List.of(), ExecutionOptions.DEFAULT);
            for (long number = -2; number <= 2; number++) {
                statement.release(number);
                assertClosed(statement, number);
            }
            assertThat(statement.frame(0, 4, WireFormat.EXACT).done).isFalse();
            Meta.Frame last = statement.frame(4, 100, WireFormat.EXACT);
            assertThat(last.rows).hasSize(6);
            assertThat(last.done).isTrue();
            assertThat(statement.isServing()).isFalse();
        });
    }

    /** Requests to stop a statement may come late, and in another order than they were sent. */
    @Test
    void aCancelStopsItsRunAndThoseBeforeAndNoneBehind() throws Exception {
        withStatement(statement -> {
            statement.prepare("VALUES (1)");
            statement.begin(2);
            try (BatchCursor rows = statement.rows(List.of(), ExecutionOptions.DEFAULT)) {
                statement.cancel(1);
                assertThat(rows.next()).isTrue();
            }
            statement.begin(3);
            try (BatchCursor rows = statement.rows(List.of(), ExecutionOptions.DEFAULT)) {
                statement.cancel(4);
                statement.cancel(2);
                assertThatThrownBy(rows::next)
                        .isInstanceOfSatisfying(
                                EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
            }
            for (long run = 0; run <= 6; run++) {
                assertThat(statement.isCancelled(run)).isEqualTo(run >= 1 && run <= 4);
            }
        });
    }

    private static void assertClosed(EngineStatement statement, long number) {
        assertThatThrownBy(() -> statement.held(number))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_CLOSED));
    }
}
