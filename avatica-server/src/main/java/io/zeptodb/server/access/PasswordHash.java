package io.zeptodb.server.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Salted hashes of passwords: PBKDF2 with HMAC-SHA-256 (RFC 8018), 600,000 rounds as OWASP's password storage cheat sheet says, written {@code
 * pbkdf2-sha256$ROUNDS$SALT$HASH} with salt and hash in base64. A hash takes some tenths of a second of a processor: that is what it is for.
 */
final class PasswordHash {
    static final int ROUNDS = 600_000;

    private static final String SCHEME = "pbkdf2-sha256";
    private static final int LEAST_ROUNDS = 1_000;
    private static final int MOST_ROUNDS = 10_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;
    private static final Pattern FORM =
            Pattern.compile("pbkdf2-sha256\\$(\\d{4,8})\\$([A-Za-z0-9+/=]{16,64})\\$([A-Za-z0-9+/=]{44})");
    private static final SecureRandom RANDOM = new SecureRandom();

    private PasswordHash() {}

    static String of(char[] password) {
        return of(password, ROUNDS);
    }

    /** With fewer rounds, for tests. */
    static String of(char[] password, int rounds) {
        byte[] salt = random(SALT_BYTES);
        return text(rounds, salt, hash(password, salt, rounds));
    }

    /** Of no password: takes as long to compare as one of so many rounds, and no time to make. */
    static String ofNothing(int rounds) {
        return text(rounds, random(SALT_BYTES), random(HASH_BITS / Byte.SIZE));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static String text(int rounds, byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder();
        return SCHEME + "$" + rounds + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    /** What a comparison with it costs; 0 for what is no hash. */
    static int rounds(String hash) {
        Matcher form = FORM.matcher(hash);
        return form.matches() ? Integer.parseInt(form.group(1)) : 0;
    }

    static boolean isHash(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return false;
        }
        int rounds = Integer.parseInt(form.group(1));
        return rounds >= LEAST_ROUNDS && rounds <= MOST_ROUNDS;
    }

    /** Compares in a time that does not depend on where they differ. */
    static boolean matches(char[] password, String hash) {
        Matcher form = FORM.matcher(hash);
        if (!form.matches()) {
            return false;
        }
        byte[] salt = Base64.getDecoder().decode(form.group(2));
        byte[] expected = Base64.getDecoder().decode(form.group(3));
        return MessageDigest.isEqual(expected, hash(password, salt, Integer.parseInt(form.group(1))));
    }

    private static byte[] hash(char[] password, byte[] salt, int rounds) {
        PBEKeySpec spec = new PBEKeySpec(password, salt, rounds, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }
}
