package io.zeptodb.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long wrong passwords have to wait, by a clock of the test's own. */
class FailedLoginsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final FailedLogins logins = new FailedLogins();
    private long now = -5 * SECOND; // the JVM's clock may begin anywhere

    private double wait(String name, String address) {
        return (double) logins.waitNanos(name, address, now) / SECOND;
    }

    @Test
    void aNameWaitsLongerWithEachFailureAndOthersDoNot() {
        double[] expected = {0, 0, 0, 0.5, 1, 2, 4, 8, 16, 30, 30};
        for (double seconds : expected) {
            logins.failed("ann", "1", now);
            assertThat(wait("ann", "1")).isEqualTo(seconds);
            assertThat(wait("bob", "1")).isZero();
            assertThat(wait("ann", "2")).isZero();
        }
        now += 29 * SECOND;
        assertThat(wait("ann", "1")).isEqualTo(1);
        now += SECOND;
        assertThat(wait("ann", "1")).isZero();
        logins.succeeded("ann", "1");
        logins.failed("ann", "1", now);
        assertThat(wait("ann", "1")).isZero();
    }

    @Test
    void manyNamesFromOneAddressWaitButForThoseWhoWereThere() {
        logins.succeeded("good", "1");
        for (int i = 0; i < 40; i++) {
            logins.failed("name" + i, "1", now);
        }
        assertThat(wait("another", "1")).isEqualTo(5);
        assertThat(wait("good", "1")).isZero();
        assertThat(wait("another", "2")).isZero();
        now += 20 * 60 * SECOND;
        logins.failed("another", "1", now);
        assertThat(wait("another", "1")).isZero();
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i < 30_000; i++) {
            for (int n = 0; n < 4; n++) {
                logins.failed("name", "address " + i, now);
            }
        }
        assertThat(wait("name", "address 1")).isZero();
        assertThat(wait("name", "address 29999")).isEqualTo(0.5);
    }
}
