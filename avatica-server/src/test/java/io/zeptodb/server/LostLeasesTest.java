package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.jdbc.wire.WireProtocol;
import io.zeptodb.server.access.ServerAccess;
import io.zeptodb.server.access.UserLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases that do not arrive, or are refused: connections whose client lives stay its own. */
@Timeout(120)
class LostLeasesTest {
    private static final byte[] UNAUTHORIZED =
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String QUICK = "quick";
    private static final String OTHER = "other";

    private final LeaseClock clock = new LeaseClock();
    private final CountDownLatch end = new CountDownLatch(1);
    /** How many leases came of each login. */
    private final AtomicInteger ofQuick = new AtomicInteger();

    private final AtomicInteger ofOther = new AtomicInteger();
    private ZeptoServer server;
    private SpoilingProxy proxy;

    @BeforeEach
    void start() throws SQLException, IOException {
        server = ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .access(new ServerAccess(null, null, null, false, null, new UserLimits(2, 1_000, Map.of())))
                .leases(clock.terms(Duration.ofMillis(20)))
                .start();
        proxy = new SpoilingProxy(server.port());
    }

    @AfterEach
    void stop() throws SQLException, IOException {
        end.countDown();
        proxy.close();
        server.close();
    }

    /** The server has no users and lets everybody in; the client does not know that. */
    private Connection connect(String user) throws SQLException {
        return DriverManager.getConnection(proxy.jdbcUrl(), user, "");
    }

    private static boolean isLease(String path) {
        return path.equals(WireProtocol.LEASE);
    }

    private static boolean isOf(String user, String request) {
        byte[] login = (user + ":").getBytes(StandardCharsets.UTF_8);
        return request.contains("Basic " + Base64.getEncoder().encodeToString(login));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(5);
        }
    }

    /** As a line does on which a packet is lost: who has sent it waits for an answer. */
    private void stall() throws IOException {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("nothing passes");
    }

    @Test
    void aLeaseThatIsLostIsSentAgain() throws Exception {
        try (Connection one = connect(QUICK);
                Connection two = connect(QUICK)) {
            for (int i = 0; i < 2; i++) {
                AtomicBoolean lost = new AtomicBoolean();
                proxy.hold((path, request) -> {
                    if (isLease(path) && lost.compareAndSet(false, true)) {
                        stall();
                    }
                });
                await(lost::get);
                clock.move(LeaseClock.MOST.minusSeconds(1));
                clock.awaitLease();
                clock.move(LeaseClock.MOST.minusSeconds(1));
                assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl()))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("53300"));
            }
            assertThat(one.isValid(60)).isTrue();
            assertThat(two.isValid(60)).isTrue();
        }
    }

    @Test
    void aLoginWhoseLeasesAreStalledHoldsUpNoOther() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        proxy.hold((path, request) -> {
            if (isLease(path) && isOf(QUICK, request)) {
                ofQuick.incrementAndGet();
            } else if (isLease(path) && isOf(OTHER, request)) {
                if (ofOther.incrementAndGet() == 4) {
                    heard.set(ofQuick.get());
                }
                stall();
            }
        });
        try (Connection quick = connect(QUICK);
                Connection other = connect(OTHER)) {
            await(() -> ofOther.get() > 4);
            assertThat(heard.get()).isGreaterThan(3 * 4);
            assertThat(quick.isValid(60)).isTrue();
            assertThat(other.isValid(60)).isTrue();
        }
    }

    /** The server may have read its file of users while it was being written. */
    @Test
    void aLoginThatWasRefusedAndIsTakenAgainSendsItsLeases() throws Exception {
        proxy.spoil(exchange -> {
            if (isLease(exchange.path()) && exchange.asksFor("Basic ")) {
                String request = new String(exchange.request(), StandardCharsets.ISO_8859_1);
                if (isOf(QUICK, request)) {
                    ofQuick.incrementAndGet();
                } else if (isOf(OTHER, request) && ofOther.incrementAndGet() == 1) {
                    return UNAUTHORIZED;
                }
            }
            return exchange.answer();
        });
        try (Connection quick = connect(QUICK);
                Connection other = connect(OTHER)) {
            await(() -> ofOther.get() == 1);
            int before = ofQuick.get();
            await(() -> ofQuick.get() > before + 10);
            assertThat(ofOther)
                    .as("wrong logins in a row would lock the user out")
                    .hasValue(1);
            assertThat(quick.isValid(60)).isTrue();
            assertThat(ofOther).as("another login is another login").hasValue(1);
            assertThat(other.isValid(60)).isTrue();
            await(() -> ofOther.get() > 3);
        }
    }
}
