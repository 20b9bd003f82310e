package io.zeptodb.server.endpoint;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How clients of ours show that they live while they ask for nothing. A connection whose client was silent for too long is ended when its user can have no other one without
 * that, and not before. Clients that offer no leases, Avatica's among them, are left alone.
 *
 * @param most after which a silent client is taken for dead; zero for no leases at all. Clients count on four times {@code every} at least
 * @param every how often clients are told to let hear of them
 * @param clock of nanoseconds, by which that is measured
 */
public record LeaseTerms(Duration most, Duration every, LongSupplier clock) {
    /**
     * Four messages in a row may be lost before a client is taken for dead: our driver gives one up after half of {@code every}, and sends the next one then.
     */
    public static final LeaseTerms DEFAULT =
            new LeaseTerms(Duration.ofSeconds(20), Duration.ofSeconds(5), System::nanoTime);

    /** Of a server that wants to hear nothing. */
    public static final LeaseTerms NONE = new LeaseTerms(Duration.ZERO, Duration.ZERO, System::nanoTime);

    boolean areWanted() {
        return !most.isZero();
    }
}
