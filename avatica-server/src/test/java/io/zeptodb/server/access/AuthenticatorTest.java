package io.zeptodb.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.UserRole;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of passwords, and until when. */
@Timeout(60)
class AuthenticatorTest {
    private static final String HERE = "/127.0.0.1";

    @TempDir
    private Path folder;

    private final AtomicLong clock = new AtomicLong();
    private UsersFixture users;
    private Authenticator authenticator;

    @BeforeEach
    void open() throws Exception {
        users = new UsersFixture(folder.resolve("users.json"));
        authenticator = new Authenticator(Users.of(users.path()), UserLimits.DEFAULT, clock::get);
    }

    @AfterEach
    void close() {
        authenticator.close();
    }

    private Authenticator.Outcome login(String name, String password) {
        String pair = Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
        return authenticator.authenticate("Basic " + pair, HERE).join();
    }

    private Authenticator.Outcome login(String name) {
        return login(name, UsersFixture.password(name));
    }

    /** From here on only a password that is remembered is let in: another one has to wait. */
    private void failUntilLater(String name) {
        for (int n = 0; n < 10; n++) {
            if (login(name, "wrong") instanceof Authenticator.Later) {
                return;
            }
        }
        throw new AssertionError("wrong passwords are never made to wait");
    }

    @Test
    void aChangeOfAnotherUserForgetsNothing() throws Exception {
        assertThat(login("wes")).isInstanceOf(Authenticator.Known.class);
        failUntilLater("wes");
        users.put("bob", AccessRights.ofRole(UserRole.READER));
        users.remove("ann");
        assertThat(login("wes")).isInstanceOf(Authenticator.Known.class);
        users.put("wes", AccessRights.ofRole(UserRole.READER)); // with another hash
        assertThat(login("wes")).isInstanceOf(Authenticator.Later.class);
    }

    @Test
    void aUserWhoIsRemovedIsForgotten() throws Exception {
        assertThat(login("wes")).isInstanceOf(Authenticator.Known.class);
        users.remove("wes");
        assertThat(login("wes")).isInstanceOf(Authenticator.Wrong.class);
    }

    @Test
    void aPasswordIsRememberedAsLongAsItIsUsed() {
        assertThat(login("wes")).isInstanceOf(Authenticator.Known.class);
        for (int minutes = 0; minutes < 60; minutes += 6) {
            clock.addAndGet(TimeUnit.MINUTES.toNanos(6));
            failUntilLater("wes");
            assertThat(login("wes")).as("after %d minutes", minutes).isInstanceOf(Authenticator.Known.class);
        }
        clock.addAndGet(TimeUnit.MINUTES.toNanos(11));
        failUntilLater("wes");
        assertThat(login("wes")).isInstanceOf(Authenticator.Later.class);
    }

    @Test
    void loginsWithTheSamePasswordShareOneHash() throws Exception {
        users.put("app", AccessRights.ofRole(UserRole.WRITER), UserLimits.NONE, PasswordHash.ROUNDS);
        int count = 60;
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Authenticator.Outcome>> outcomes = new ArrayList<>();
            for (int n = 0; n < count; n++) {
                outcomes.add(threads.submit(() -> {
                    start.await();
                    return login("app");
                }));
            }
            start.countDown();
            for (Future<Authenticator.Outcome> outcome : outcomes) {
                assertThat(outcome.get()).isInstanceOf(Authenticator.Known.class);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void loginsWaitWithoutAThread() throws Exception {
        users.put("app", AccessRights.ofRole(UserRole.WRITER), UserLimits.NONE, 5 * PasswordHash.ROUNDS);
        String pair = "app:" + UsersFixture.password("app");
        String header = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        List<CompletableFuture<Authenticator.Outcome>> outcomes = new ArrayList<>();
        for (int n = 0; n < 500; n++) {
            outcomes.add(authenticator.authenticate(header, HERE));
        }
        // all of them came back to this thread before the one hash was made
        assertThat(outcomes).noneMatch(CompletableFuture::isDone);
        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.join()).isInstanceOf(Authenticator.Known.class));
    }

    @Test
    void tooManyLoginsAreRefusedAtOnce() throws Exception {
        users.put("app", AccessRights.ofRole(UserRole.WRITER), UserLimits.NONE, PasswordHash.ROUNDS);
        int refused = 0;
        for (int n = 0; n < 1_000; n++) {
            String pair = "app:guess " + n;
            String header = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
            CompletableFuture<Authenticator.Outcome> outcome = authenticator.authenticate(header, HERE);
            refused += outcome.isDone() && outcome.join() instanceof Authenticator.Later ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(900);
    }
}
