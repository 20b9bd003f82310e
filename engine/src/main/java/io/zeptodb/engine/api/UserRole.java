package io.zeptodb.engine.api;

import java.util.Locale;
import java.util.Optional;

/** What a user may do at most, before it is asked with which tables. */
public enum UserRole {
    /** Everything: also to make, alter and drop tables and views, CHECKPOINT and BACKUP. */
    ADMIN,
    /** Reads tables and changes their rows. */
    WRITER,
    /** Reads tables. */
    READER;

    /** As users write it, without regard to case. */
    public static Optional<UserRole> find(String name) {
        for (UserRole role : values()) {
            if (role.name().equalsIgnoreCase(name)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** In lower case, as users write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
