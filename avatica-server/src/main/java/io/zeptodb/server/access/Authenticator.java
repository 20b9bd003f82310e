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
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who a request is of by its {@code Authorization}: {@code Basic} with a password, {@code Bearer} with a token. A password that was right is not
 * hashed again for some minutes: it is remembered as an HMAC under a key that only this process has, as long as the file of users does not change. For a name
 * that is none the same work is done as for a wrong password. Thread-safe.
 */
final class Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);
    private static final int MOST_REMEMBERED = 2_000;
    private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int MOST_HEADER = 4_096;
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

    private record Remembered(Principal principal, Users.Snapshot snapshot, long untilNanos) {}

    private final Users users;
    private final UserLimits limits;
    private final FailedLogins failures = new FailedLogins();
    private final HashTurns turns = new HashTurns();
    private final SecretKeySpec key;
    /** What is compared when there is no such user, or no password. */
    private final String nobody;

    private final Map<String, Remembered> remembered = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** @param limits of users who have none of their own */
    Authenticator(Users users, UserLimits limits) {
        this.users = users;
        this.limits = limits;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, HMAC);
        this.nobody = PasswordHash.of(Base64.getEncoder().encodeToString(secret).toCharArray());
    }

    /**
     * Waits for a hash at most some seconds.
     *
     * @param header of the request, or null
     * @param address of the client
     */
    Outcome authenticate(@Nullable String header, String address) {
        if (header == null || header.isBlank()) {
            return new Silent();
        }
        int blank = header.indexOf(' ');
        String scheme = blank < 0 ? "" : header.substring(0, blank).toLowerCase(Locale.ROOT);
        String rest = header.substring(blank + 1).strip();
        Users.Snapshot now = users.refreshed();
        if (header.length() > MOST_HEADER) {
            return new Wrong();
        } else if (scheme.equals("bearer")) {
            return ofToken(rest, now);
        }
        return scheme.equals("basic") ? ofPassword(rest, address, now) : new Wrong();
    }

    private Outcome ofToken(String token, Users.Snapshot now) {
        String hash = Tokens.hash(token);
        User user = now.ofToken(hash);
        Instant time = Instant.now();
        if (user == null || user.tokens().stream().noneMatch(each -> each.hash().equals(hash) && !each.isOver(time))) {
            return new Wrong();
        }
        return new Known(Principal.of(user.name(), users, limits));
    }

    private Outcome ofPassword(String credentials, String address, Users.Snapshot now) {
        long time = System.nanoTime();
        String seal = seal(credentials);
        Principal known = remembered(seal, now, time);
        if (known != null) {
            return new Known(known);
        }
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return new Wrong();
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return new Wrong();
        }
        String name = pair.substring(0, colon);
        long wait = failures.waitNanos(name, address, time);
        if (wait > 0) {
            return new Later(TimeUnit.NANOSECONDS.toSeconds(wait) + 1);
        }
        User user = now.named(name);
        String hash = user == null ? null : user.password();
        char[] password = pair.substring(colon + 1).toCharArray();
        Boolean matches;
        try {
            matches = turns.run(address, () -> PasswordHash.matches(password, hash == null ? nobody : hash));
        } finally {
            Arrays.fill(password, '\0');
        }
        if (matches == null) {
            return new Later(1);
        } else if (!matches || hash == null) {
            failures.failed(name, address, System.nanoTime());
            LOG.info("a login of '{}' from {} is refused", User.wrongName(name) == null ? name : "…", address);
            return new Wrong();
        }
        failures.succeeded(name, address);
        Principal principal = Principal.of(name, users, limits);
        remember(seal, new Remembered(principal, now, System.nanoTime() + REMEMBERED_NANOS));
        return new Known(principal);
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

    private @Nullable Principal remembered(String seal, Users.Snapshot now, long time) {
        synchronized (remembered) {
            Remembered known = remembered.get(seal);
            if (known == null) {
                return null;
            } else if (known.snapshot != now) {
                remembered.clear(); // all of them are of the users before
                return null;
            } else if (time - known.untilNanos > 0) {
                remembered.remove(seal);
                return null;
            }
            return known.principal;
        }
    }

    private void remember(String seal, Remembered known) {
        synchronized (remembered) {
            remembered.put(seal, known);
        }
    }
}
