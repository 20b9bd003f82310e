package io.zeptodb.server.access;

import io.zeptodb.engine.api.AccessPolicy;
import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ResourceGroup;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.UserRole;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who a request comes from. Thread-safe. */
public abstract class Principal {
    private static final ThreadLocal<@Nullable Principal> CURRENT = new ThreadLocal<>();

    Principal() {}

    /** Told apart by name: requests of the same name are of the same. */
    public abstract String name();

    /** Whether the name says nothing: whoever did not log in has the same. */
    public boolean isNameless() {
        return false;
    }

    /** A session in which this one may do what it may. */
    public abstract Session openSession(Database database);

    /** Looks whether the users have changed, of this one and of all others of the same server. */
    public void refresh() {}

    /** Why what this one logged in with is good no more: removed, changed, revoked or run out. Null while it is, as far as was known at the last look. */
    public @Nullable String whyOver() {
        return null;
    }

    /** How much of the server this one may take. */
    public abstract UserLimits limits();

    /**
     * Who asks for what this thread does now.
     *
     * @throws EngineException INVALID_AUTHORIZATION in a thread that works for no request
     */
    public static Principal current() {
        Principal current = CURRENT.get();
        if (current == null) {
            throw new EngineException(ErrorCode.INVALID_AUTHORIZATION, "nobody knows who asks for this");
        }
        return current;
    }

    /** Does something for this one, in whatever thread. */
    public final void run(Runnable work) {
        Principal before = CURRENT.get();
        CURRENT.set(this);
        try {
            work.run();
        } finally {
            set(before);
        }
    }

    /** Says for whom this thread works from here on; null for nobody. */
    static void set(@Nullable Principal principal) {
        if (principal == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(principal);
        }
    }

    /**
     * Refuses another connection.
     *
     * @param open of this one now
     * @throws EngineException TOO_MANY_OPEN
     */
    public void checkConnections(long open) {
        int most = limits().connections();
        if (most > 0 && open >= most) {
            throw new EngineException(
                    ErrorCode.TOO_MANY_OPEN,
                    "there are " + open + " connections open, which is the most that this user may have: close some");
        }
    }

    /** Whoever reaches a server that knows no users. */
    static Principal everybody(UserLimits limits) {
        return new Nameless("", UserRole.ADMIN, limits);
    }

    /** Who does not say a name, where that is allowed. */
    static Principal anonymous(UserRole role, UserLimits limits) {
        return new Nameless(":anonymous", role, limits); // no user of the file can be called so
    }

    /** Not of the file: what it may do stays the same. */
    private static final class Nameless extends Principal {
        private final String name;
        private final UserLimits limits;
        private final AccessRights rights;

        Nameless(String name, UserRole role, UserLimits limits) {
            this.name = name;
            this.limits = limits;
            this.rights = AccessRights.ofRole(role);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean isNameless() {
            return true;
        }

        @Override
        public Session openSession(Database database) {
            if (rights.isAdmin() && limits.options().isEmpty()) {
                return database.openSession();
            }
            ResourceGroup group = limits.group("the sessions without a login", database.config());
            return database.openSession(new Policy("anonymous", limits, group) {
                @Override
                public AccessRights rights() {
                    return rights;
                }
            });
        }

        @Override
        public UserLimits limits() {
            return limits;
        }
    }

    /** A user of the file, who has logged in with this. */
    static Principal of(String name, Users users, UserLimits ofServer, Credential credential) {
        return new Principal() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Session openSession(Database database) {
                UserLimits now = limits();
                ResourceGroup group = now.group("user '" + name + "'", database.config());
                return database.openSession(new UserPolicy(name, users, now, group));
            }

            @Override
            public void refresh() {
                users.refreshed();
            }

            @Override
            public @Nullable String whyOver() {
                User user = users.snapshot().named(name);
                return user == null ? "its user was removed" : credential.whyOver(user, Instant.now());
            }

            @Override
            public UserLimits limits() {
                User user = users.snapshot().named(name);
                return user == null ? ofServer : user.limits().or(ofServer);
            }
        };
    }

    private abstract static class Policy implements AccessPolicy {
        private final String user;
        private final Map<String, String> limits;
        private final @Nullable ResourceGroup group;

        Policy(String user, UserLimits limits, @Nullable ResourceGroup group) {
            this.user = user;
            this.limits = limits.engineOptions();
            this.group = group;
        }

        @Override
        public String user() {
            return user;
        }

        @Override
        public Map<String, String> limits() {
            return limits;
        }

        @Override
        public @Nullable ResourceGroup group() {
            return group;
        }
    }

    /** The rights that the file gives a user now. */
    private static final class UserPolicy extends Policy {
        private final Users users;
        private volatile @Nullable Known known;

        /** Rights, and the state of the file that they are of. */
        private record Known(Users.Snapshot snapshot, AccessRights rights) {}

        UserPolicy(String name, Users users, UserLimits limits, @Nullable ResourceGroup group) {
            super(name, limits, group);
            this.users = users;
        }

        @Override
        public AccessRights rights() {
            Users.Snapshot now = users.snapshot();
            Known last = known;
            if (last != null && last.snapshot == now) {
                return last.rights;
            }
            User user = now.named(user());
            if (user == null) {
                throw new EngineException(
                        ErrorCode.INVALID_AUTHORIZATION, "user '" + user() + "' was removed: nothing more is allowed");
            }
            known = new Known(now, user.rights());
            return user.rights();
        }
    }
}
