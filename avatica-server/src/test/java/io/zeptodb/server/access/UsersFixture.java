package io.zeptodb.server.access;

import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.TableRight;
import io.zeptodb.engine.api.UserRole;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file of users for tests: root (admin), wes (writer), ann (reader of quotes), whose passwords are cheap to hash. */
final class UsersFixture {
    static final String TOKEN = "zepto_for_tests";
    static final String OLD_TOKEN = "zepto_of_long_ago";
    private static final int ROUNDS = 1_000;

    private final UsersFile file;
    private final Map<String, User> users = new LinkedHashMap<>();

    UsersFixture(Path path) throws IOException {
        this.file = new UsersFile(path);
        put("root", AccessRights.ofRole(UserRole.ADMIN));
        put("wes", AccessRights.ofRole(UserRole.WRITER));
        put("ann", AccessRights.of(UserRole.READER, Map.of("quotes", TableRight.READ)));
    }

    static String password(String name) {
        return "secret of " + name;
    }

    Path path() {
        return file.path();
    }

    void put(String name, AccessRights rights) throws IOException {
        put(name, rights, UserLimits.NONE, null);
    }

    void put(String name, AccessRights rights, UserLimits limits, @Nullable Integer rounds) throws IOException {
        Instant now = Instant.now();
        String hash = PasswordHash.of(password(name).toCharArray(), rounds == null ? ROUNDS : rounds);
        List<User.Token> tokens = name.equals("ann")
                ? List.of(
                        new User.Token(Tokens.hash(TOKEN), now, now.plusSeconds(3600)),
                        new User.Token(Tokens.hash(OLD_TOKEN), now.minusSeconds(10), now.minusSeconds(1)))
                : List.of();
        users.put(name, new User(name, rights, hash, tokens, limits));
        file.write(users);
    }

    /** Gives a user another password. */
    void password(String name, String password) throws IOException {
        users.computeIfPresent(name, (key, user) -> user.withPassword(PasswordHash.of(password.toCharArray(), ROUNDS)));
        file.write(users);
    }

    /** Gives a user one more token. @param expires null for never */
    void token(String name, String token, @Nullable Instant expires) throws IOException {
        Instant now = Instant.now();
        users.computeIfPresent(
                name, (key, user) -> user.withToken(new User.Token(Tokens.hash(token), now, expires), now));
        file.write(users);
    }

    /** The token that a user has has run out. */
    void tokenEnded(String name, String token) throws IOException {
        Instant now = Instant.now();
        User.Token over = new User.Token(Tokens.hash(token), now.minusSeconds(10), now.minusSeconds(1));
        users.computeIfPresent(name, (key, user) -> user.withoutTokens().withToken(over, now.minusSeconds(5)));
        file.write(users);
    }

    void revokeTokens(String name) throws IOException {
        users.computeIfPresent(name, (key, user) -> user.withoutTokens());
        file.write(users);
    }

    void remove(String name) throws IOException {
        users.remove(name);
        file.write(users);
    }
}
