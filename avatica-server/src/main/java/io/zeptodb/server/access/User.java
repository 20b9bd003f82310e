package io.zeptodb.server.access;

import io.zeptodb.engine.api.AccessRights;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A user of a server, as the file of users has it. Immutable.
 *
 * @param password its hash, as {@link PasswordHash} writes it; null of a user who only has tokens
 */
record User(String name, AccessRights rights, @Nullable String password, List<Token> tokens, UserLimits limits) {
    private static final int MOST_NAME = 128;
    /** A colon ends the name in BASIC authentication. */
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\s:'\"]{1," + MOST_NAME + "}");

    /** A token's hash, and when it was made and ends; null for never. */
    record Token(String hash, Instant created, @Nullable Instant expires) {
        boolean isOver(Instant now) {
            return expires != null && !now.isBefore(expires);
        }
    }

    User {
        tokens = List.copyOf(tokens);
    }

    /** Why a name cannot be a user's; null when it can. */
    static @Nullable String wrongName(String name) {
        return NAME.matcher(name).matches()
                ? null
                : "a user's name has 1 to " + MOST_NAME + " characters without blanks, colons and quotes";
    }

    User withRights(AccessRights other) {
        return new User(name, other, password, tokens, limits);
    }

    User withPassword(String hash) {
        return new User(name, rights, hash, tokens, limits);
    }

    User withLimits(UserLimits other) {
        return new User(name, rights, password, tokens, other);
    }

    /** With another token; those that are over are forgotten. */
    User withToken(Token token, Instant now) {
        List<Token> all = new ArrayList<>(tokens);
        all.removeIf(each -> each.isOver(now));
        all.add(token);
        return new User(name, rights, password, all, limits);
    }

    User withoutTokens() {
        return new User(name, rights, password, List.of(), limits);
    }

    @Override
    public String toString() {
        return "User[" + name + ", " + rights + "]"; // no hashes
    }
}
