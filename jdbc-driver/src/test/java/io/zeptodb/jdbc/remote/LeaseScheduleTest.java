package io.zeptodb.jdbc.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** By a clock of its own: how much may be lost before a server takes its client for dead. */
class LeaseScheduleTest {
    private static final long EVERY = 5_000;
    private static final long LEASE = 4 * EVERY;

    private final LeaseSchedule schedule = new LeaseSchedule(0, EVERY);

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private long next() {
        return TimeUnit.NANOSECONDS.toMillis(schedule.nextNanos());
    }

    /** When attempts begin whose answers do not come, each of which takes its whole time-out; in milliseconds. */
    private List<Long> lost(long until) {
        List<Long> begun = new ArrayList<>();
        for (long now = next(); now <= until; now = Math.max(next(), now + schedule.timeoutMillis())) {
            schedule.begin(nanos(now));
            begun.add(now);
        }
        return begun;
    }

    @Test
    void whatIsHeardIsSentAgainAtTheInterval() {
        for (long now = EVERY; now <= 20 * EVERY; now += EVERY) {
            assertThat(next()).isEqualTo(now);
            schedule.begin(nanos(now));
            schedule.heard(nanos(now)); // whenever that was
        }
    }

    @Test
    void fourMessagesMayBeLost() {
        assertThat(lost(LEASE - 1)).hasSizeGreaterThan(4).first().isEqualTo(EVERY);
        schedule.heard(nanos(LEASE));
        assertThat(next()).isEqualTo(LEASE + EVERY);
        assertThat(lost(2 * LEASE - 1)).hasSizeGreaterThan(4);
    }

    /** Of a server that hears but whose answers are lost, and of one that comes back. */
    @Test
    void noLeaseLongIsNothingSent() {
        List<Long> begun = lost(100 * LEASE);
        for (int i = 1; i < begun.size(); i++) {
            assertThat(begun.get(i) - begun.get(i - 1)).isBetween(EVERY / 2, LEASE / 2);
        }
        assertThat(begun.get(begun.size() - 1) - begun.get(begun.size() - 2)).isEqualTo(2 * EVERY);
    }

    @Test
    void aNewConnectionShowsThatTheServerIsThere() {
        List<Long> begun = lost(10 * LEASE);
        long now = begun.get(begun.size() - 1) + 1;
        schedule.opened(nanos(now), EVERY);
        assertThat(next()).isEqualTo(now + EVERY);
        assertThat(lost(now + LEASE - 1)).hasSizeGreaterThan(4);
    }

    @Test
    void oddWishesOfAServerAreBounded() {
        for (long wish : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
            LeaseSchedule odd = new LeaseSchedule(Long.MAX_VALUE, wish);
            assertThat(odd.nextNanos() - Long.MAX_VALUE).isBetween(nanos(10), nanos(86_400_000));
            odd.begin(odd.nextNanos());
            assertThat(odd.nextNanos() - Long.MAX_VALUE).isBetween(nanos(15), nanos(129_600_000));
            assertThat(odd.timeoutMillis()).isBetween(1_000, 5_000);
        }
        assertThat(schedule.timeoutMillis()).isEqualTo(2_500);
    }
}
