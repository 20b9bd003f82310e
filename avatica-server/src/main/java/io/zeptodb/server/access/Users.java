package io.zeptodb.server.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of a server as their file has them now. A file that changes is read again by the next request; one that cannot be read then leaves things as they
 * were, with an error in the log. Thread-safe.
 */
public final class Users {
    private static final Logger LOG = LoggerFactory.getLogger(Users.class);

    private final UsersFile file;
    private volatile Snapshot now;
    private @Nullable Stamp seen;

    /** What tells one state of the file from another. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {}

    /** The users of one state of the file. Immutable; told apart by identity. */
    static final class Snapshot {
        private final Map<String, User> byName;
        private final Map<String, User> byToken = new LinkedHashMap<>();
        private final String nobody;

        Snapshot(Map<String, User> byName) {
            this.byName = byName;
            int rounds = 0;
            for (User user : byName.values()) {
                String password = user.password();
                rounds = password == null ? rounds : Math.max(rounds, PasswordHash.rounds(password));
            }
            this.nobody = PasswordHash.ofNothing(rounds == 0 ? PasswordHash.ROUNDS : rounds);
            byName.values().forEach(user -> user.tokens().forEach(token -> byToken.put(token.hash(), user)));
        }

        @Nullable
        User named(String name) {
            return byName.get(name);
        }

        /** What a password is compared with when there is no such user: it takes as long as with the dearest hash of the file. */
        String nobody() {
            return nobody;
        }

        /** Whoever has the token of this hash, over or not. */
        @Nullable
        User ofToken(String hash) {
            return byToken.get(hash);
        }
    }

    private Users(UsersFile file) throws IOException {
        this.file = file;
        this.seen = stamp();
        this.now = new Snapshot(file.read());
        if (file.isOpenToOthers()) {
            LOG.warn("others can read the file of users '{}': chmod 600 it", file.path());
        }
    }

    /** @throws IOException naming the file and what is wrong where */
    public static Users of(Path file) throws IOException {
        return new Users(new UsersFile(file));
    }

    /** As it was when somebody last looked. */
    Snapshot snapshot() {
        return now;
    }

    /** Looks whether the file has changed. */
    Snapshot refreshed() {
        Stamp stamp = stamp();
        synchronized (this) {
            if (stamp != null && !stamp.equals(seen)) {
                seen = stamp;
                try {
                    now = new Snapshot(file.read());
                    LOG.info("the users of '{}' are read again: {} users", file.path(), now.byName.size());
                } catch (IOException e) {
                    LOG.error("the users stay as they were: {}", e.getMessage());
                }
            }
        }
        return now;
    }

    /** Null when the file is not there, as it may be for a moment while an editor saves it. */
    private @Nullable Stamp stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            return null;
        }
    }
}
