package io.zeptodb.server.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a user logged in with: a password or a token, as the file has its hash. Immutable. */
sealed interface Credential {
    /** Why it is good no more, given the user as the file has him now; null while it is. */
    @Nullable
    String whyOver(User user, Instant now);

    record OfPassword(String hash) implements Credential {
        @Override
        public @Nullable String whyOver(User user, Instant now) {
            return hash.equals(user.password()) ? null : "the password of its user was changed";
        }

        @Override
        public String toString() {
            return "password"; // no hash
        }
    }

    record OfToken(String hash) implements Credential {
        @Override
        public @Nullable String whyOver(User user, Instant now) {
            for (User.Token token : user.tokens()) {
                if (token.hash().equals(hash)) {
                    return token.isOver(now) ? "its token has run out" : null;
                }
            }
            return "its token was revoked";
        }

        @Override
        public String toString() {
            return "token";
        }
    }
}
