package io.zeptodb.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import io.zeptodb.jdbc.meta.StatementListener;
import io.zeptodb.server.LeaseClock;
import io.zeptodb.server.OwnThread;
import io.zeptodb.server.access.TestLogin;
import io.zeptodb.server.access.UserLimits;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection whose end takes long keeps nobody else waiting. */
@Timeout(120)
class EndedConnectionsTest {
    private static final int PATIENCE_SECONDS = 60;

    private final LeaseClock clock = new LeaseClock();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private Database database;
    private ServedConnections connections;

    @BeforeEach
    void open() {
        database = Engine.open(Map.of());
        Duration longTime = Duration.ofMinutes(10);
        connections = new ServedConnections(
                database, longTime, longTime, clock.terms(longTime), "*", (id, user) -> StatementListener.NONE);
    }

    @AfterEach
    void close() {
        released.countDown();
        connections.close();
        database.close();
    }

    private static TestLogin login(String name, Function<Database, Session> sessions) {
        return new TestLogin(name, new UserLimits(2, 0, Map.of()), sessions);
    }

    /** The end of this session takes until the test lets it go on. */
    private Session closingSlowly(Session session) {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        reached.countDown();
                        awaitQuietly(released);
                    }
                    try {
                        return method.invoke(session, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void open(TestLogin login, String id) {
        login.run(() -> connections.openExact(id, true));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Something that heeds no request to stop. */
    private CompletableFuture<Void> stuck(TestLogin login, String id) {
        CompletableFuture<Void> done = OwnThread.run(() -> login.run(() -> {
            try {
                connections.run(id, meta -> {
                    reached.countDown();
                    awaitQuietly(released);
                    return id;
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }));
        awaitQuietly(reached);
        return done;
    }

    private static <T> T soon(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void nobodyWaitsForAStatementThatDoesNotStop() throws Exception {
        TestLogin old = login("wes", Database::openSession);
        open(old, "stuck");
        open(old, "free");
        CompletableFuture<Void> running = stuck(old, "stuck");
        old.end("its user was removed");
        soon(OwnThread.run(connections::closeIdle));
        assertThat(connections.count()).as("the other one is closed").isEqualTo(1);

        TestLogin next = login("wes", Database::openSession);
        open(next, "next");
        soon(OwnThread.run(() -> assertThatThrownBy(() -> open(next, "another"))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_OPEN))));
        open(login("ann", Database::openSession), "others");
        assertThat(connections.drain(Duration.ZERO)).isFalse();
        assertThat(running).isNotDone();

        released.countDown();
        soon(running);
        connections.closeIdle();
        assertThat(connections.count()).as("it is closed by a later sweep").isEqualTo(2);
        assertThat(connections.drain(Duration.ZERO)).isTrue();
    }

    @Test
    void theEndOfASilentClientIsWaitedForByWhoWantsItsRoomAlone() throws Exception {
        TestLogin slow = login("wes", ofDatabase -> closingSlowly(ofDatabase.openSession()));
        open(slow, "silent1");
        open(slow, "silent2");
        clock.move(LeaseClock.MOST.plusSeconds(1));
        CompletableFuture<Void> next = OwnThread.run(() -> open(login("wes", Database::openSession), "next"));
        awaitQuietly(reached);
        soon(OwnThread.run(() -> open(login("ann", Database::openSession), "others")));
        assertThat(connections.drain(Duration.ZERO))
                .as("what the silent one holds is not given back yet")
                .isFalse();
        assertThat(next).isNotDone();

        released.countDown();
        soon(next);
        assertThat(connections.count()).isEqualTo(3);
        assertThat(connections.drain(Duration.ZERO)).isTrue();
    }
}
