package io.zeptodb.server.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who a request is of by its {@code Authorization}: {@code Basic} with a password, {@code Bearer} with a token. A password that was right is not
 * hashed again while it is in use: it is remembered as an HMAC under a key that only this process has, as long as the file of users has the same hash for this
 * user, whatever becomes of others. Requests that come with the same password meanwhile wait for the one hash. For a name that is none the same work is done as
 * for a wrong password. Thread-safe.
 */
final class Authenticator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);
    private static final int MOST_REMEMBERED = 2_000;
    /** After its last use. */
    private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final long LONGEST_SHARED_SECONDS = 15;
    private static final int MOST_HEADER = 4_096;
    /** Requests that wait for a hash which is made already. They have no thread, but a socket. */
    private static final int MOST_SHARING = 1_000;

    private static final String HMAC = "HmacSHA256";

    /** What came of it. */
    sealed interface Outcome {}

    /** @param principal who it is */
    record Known(Principal principal) implements Outcome {}

    /** Nothing was said of who asks. */
    record Silent() implements Outcome {}

    /** Name or password, or token, is wrong. */
    record Wrong() implements Outcome {}

    /** Too many wrong passwords, or too many logins at once: to come again after some seconds. */
    record Later(long seconds) implements Outcome {}

    /** A password that was right, and the hash in the file that it fits. */
    private static final class Remembered {
        private final Principal principal;
        private final String hash;
        private long usedNanos;

        Remembered(Principal principal, String hash, long usedNanos) {
            this.principal = principal;
            this.hash = hash;
            this.usedNanos = usedNanos;
        }
    }

    private final Users users;
    private final UserLimits limits;
    private final LongSupplier nanoTime;
    private final FailedLogins failures = new FailedLogins();
    private final HashTurns turns = new HashTurns();
    /** Passwords that are being checked, with the hash that they are compared with. */
    private final ConcurrentMap<String, CompletableFuture<Outcome>> underWay = new ConcurrentHashMap<>();

    private final Semaphore sharing = new Semaphore(MOST_SHARING);
    private final SecretKeySpec key;

    private final Map<String, Remembered> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** @param limits of users who have none of their own */
    Authenticator(Users users, UserLimits limits) {
        this(users, limits, System::nanoTime);
    }

    /** With a clock, for tests. */
    Authenticator(Users users, UserLimits limits, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.users = users;
        this.limits = limits;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, HMAC);
    }

    /**
     * Finds it out at once, or when a hash is made, in some seconds at most; nobody waits in the calling thread.
     *
     * @param header of the request, or null
     * @param address of the client
     */
    CompletableFuture<Outcome> authenticate(@Nullable String header, String address) {
        if (header == null || header.isBlank()) {
            return now(new Silent());
        }
        int blank = header.indexOf(' ');
        String scheme = blank < 0 ? "" : header.substring(0, blank).toLowerCase(Locale.ROOT);
        String rest = header.substring(blank + 1).strip();
        Users.Snapshot now = users.refreshed();
        if (header.length() > MOST_HEADER) {
            return now(new Wrong());
        } else if (scheme.equals("bearer")) {
            return now(ofToken(rest, now));
        }
        return scheme.equals("basic") ? ofPassword(rest, address, now) : now(new Wrong());
    }

    private static CompletableFuture<Outcome> now(Outcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }

    private Outcome ofToken(String token, Users.Snapshot now) {
        String hash = Tokens.hash(token);
        User user = now.ofToken(hash);
        Instant time = Instant.now();
        if (user == null || user.tokens().stream().noneMatch(each -> each.hash().equals(hash) && !each.isOver(time))) {
            return new Wrong();
        }
        return new Known(Principal.of(user.name(), users, limits, new Credential.OfToken(hash)));
    }

    private CompletableFuture<Outcome> ofPassword(String credentials, String address, Users.Snapshot now) {
        String seal = seal(credentials);
        Principal known = remembered(seal, now);
        if (known != null) {
            return now(new Known(known));
        }
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return now(new Wrong());
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return now(new Wrong());
        }
        String name = pair.substring(0, colon);
        User user = now.named(name);
        String hash = user == null ? null : user.password();
        String check = address + " " + seal + " " + hash;
        CompletableFuture<Outcome> mine = new CompletableFuture<>();
        CompletableFuture<Outcome> before = underWay.putIfAbsent(check, mine);
        if (before != null) {
            return shared(before);
        }
        Outcome early = new Later(1);
        try {
            early = early(seal, name, address, now);
            char[] password = pair.substring(colon + 1).toCharArray();
            if (early == null && !turns.submit(address, () -> check(check, seal, name, password, hash, address))) {
                early = new Later(1);
            }
        } finally {
            if (early != null) {
                end(check, early);
            }
        }
        return mine;
    }

    private void end(String check, Outcome outcome) {
        CompletableFuture<Outcome> ended = underWay.remove(check);
        if (ended != null) {
            ended.complete(outcome);
        }
    }

    /** What is known without a hash: the one before may have come to its end just now. */
    private @Nullable Outcome early(String seal, String name, String address, Users.Snapshot now) {
        Principal known = remembered(seal, now);
        if (known != null) {
            return new Known(known);
        }
        long wait = failures.waitNanos(name, address, nanoTime.getAsLong());
        return wait > 0 ? new Later(TimeUnit.NANOSECONDS.toSeconds(wait) + 1) : null;
    }

    /** What another request with the same password finds out. */
    private CompletableFuture<Outcome> shared(CompletableFuture<Outcome> other) {
        if (!sharing.tryAcquire()) {
            return now(new Later(1));
        }
        CompletableFuture<Outcome> mine =
                other.copy().completeOnTimeout(new Later(1), LONGEST_SHARED_SECONDS, TimeUnit.SECONDS);
        return mine.whenComplete((outcome, failure) -> sharing.release());
    }

    /** @param hash of the file; null when there is no such user, or no password */
    private void check(String check, String seal, String name, char[] password, @Nullable String hash, String address) {
        Outcome outcome = new Later(1);
        try {
            boolean matches = PasswordHash.matches(
                    password, hash == null ? users.snapshot().nobody() : hash);
            outcome = matches && hash != null ? right(seal, name, hash, address) : wrong(name, address);
        } finally {
            Arrays.fill(password, '\0');
            end(check, outcome);
        }
    }

    private Outcome wrong(String name, String address) {
        failures.failed(name, address, nanoTime.getAsLong());
        LOG.info("a login of '{}' from {} is refused", User.wrongName(name) == null ? name : "…", address);
        return new Wrong();
    }

    private Outcome right(String seal, String name, String hash, String address) {
        failures.succeeded(name, address);
        Principal principal = Principal.of(name, users, limits, new Credential.OfPassword(hash));
        synchronized (remembered) {
            remembered.put(seal, new Remembered(principal, hash, nanoTime.getAsLong()));
        }
        return new Known(principal);
    }

    @Override
    public void close() {
        turns.close();
    }

    private String seal(String credentials) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(credentials.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    private @Nullable Principal remembered(String seal, Users.Snapshot now) {
        long time = nanoTime.getAsLong();
        synchronized (remembered) {
            Remembered known = remembered.get(seal);
            if (known == null) {
                return null;
            }
            User user = now.named(known.principal.name());
            if (user == null || !known.hash.equals(user.password()) || time - known.usedNanos > REMEMBERED_NANOS) {
                remembered.remove(seal);
                return null;
            }
            known.usedNanos = time;
            return known.principal;
        }
    }
}
