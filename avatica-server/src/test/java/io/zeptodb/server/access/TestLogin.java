package io.zeptodb.server.access;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A user of no file, whose login a test ends. */
public final class TestLogin extends Principal {
    private final String name;
    private final UserLimits limits;
    private final Function<Database, Session> sessions;
    private volatile @Nullable String over;

    public TestLogin(String name, UserLimits limits, Function<Database, Session> sessions) {
        this.name = name;
        this.limits = limits;
        this.sessions = sessions;
    }

    public void end(String why) {
        over = why;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Session openSession(Database database) {
        return sessions.apply(database);
    }

    @Override
    public @Nullable String whyOver() {
        return over;
    }

    @Override
    public UserLimits limits() {
        return limits;
    }
}
