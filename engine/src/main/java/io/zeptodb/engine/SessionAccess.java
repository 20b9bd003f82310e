package io.zeptodb.engine;

import io.zeptodb.engine.api.AccessPolicy;
import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.UserRole;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.plan.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a session may do with the tables. What it may not read is left out of the catalog that its statements are planned with, so that no kind of
 * statement can forget to ask; the tables that it names nevertheless are told in {@link #explained}. Thread-safe.
 */
final class SessionAccess {
    /** Of a session that may do everything. */
    static final SessionAccess FULL = new SessionAccess(null);

    /** The class of SQLSTATEs that a text causes. */
    private static final String OF_THE_TEXT = "42";

    private final @Nullable AccessPolicy policy;

    private SessionAccess(@Nullable AccessPolicy policy) {
        this.policy = policy;
    }

    static SessionAccess of(AccessPolicy policy) {
        return new SessionAccess(policy);
    }

    /** The name of the user; empty for a session that may do everything. */
    String user() {
        return policy == null ? "" : policy.user();
    }

    @Nullable
    AccessPolicy policy() {
        return policy;
    }

    /** Names in lower case of the tables and views that are seen; null for all. Part of the plan cache's key. */
    @Nullable
    Set<String> readable() {
        return policy == null ? null : policy.rights().readable();
    }

    /** The part of a catalog that is seen. */
    Catalog visible(Catalog catalog) {
        return restricted(catalog, readable());
    }

    static Catalog restricted(Catalog catalog, @Nullable Set<String> readable) {
        return readable == null ? catalog : catalog.restrictedTo(readable);
    }

    /** Whether a statement of another session is seen. */
    boolean sees(SessionAccess other) {
        return policy == null
                || policy.rights().isAdmin()
                || (other.policy != null && other.policy.user().equals(policy.user()));
    }

    /**
     * Whether a statement may run that was planned with what this session reads.
     *
     * @param checkedFor the rights of the last check of this statement
     * @return the rights now
     * @throws EngineException ACCESS_DENIED
     */
    @Nullable
    AccessRights check(Statement statement, @Nullable AccessRights checkedFor) {
        if (policy == null) {
            return null;
        }
        AccessRights now = policy.rights();
        if (!now.equals(checkedFor)) {
            NeededRight needed = NeededRight.of(statement);
            String table = needed.table();
            if (needed.kind() == NeededRight.Kind.ADMIN) {
                requireAdmin(needed.what());
            } else if (needed.kind() == NeededRight.Kind.WRITE_FILES) {
                requireFiles(now, needed.what());
            } else if (table != null) {
                requireWrite(needed.what(), table);
            }
        }
        return now;
    }

    /** @param what the session wants to do, as in {@code drop table 't'} */
    void requireAdmin(String what) {
        if (policy != null && !policy.rights().isAdmin()) {
            throw denied(what, "the role admin");
        }
    }

    /** Files may be overwritten: that is no reading. */
    private void requireFiles(AccessRights rights, String what) {
        if (rights.role() == UserRole.READER) {
            throw denied(what, "the role writer");
        }
    }

    /** Whether rows of a table may be changed that the session sees. */
    boolean mayWrite(String table) {
        return policy == null || policy.rights().mayWrite(table);
    }

    /** @param what the session wants to do with the table, as in {@code insert into} */
    void requireWrite(String what, String table) {
        if (policy != null && !mayWrite(table)) {
            boolean reads = policy.rights().role() == UserRole.READER;
            throw denied(what + " table '" + table + "'", reads ? "the role writer" : "the grant write:" + table);
        }
    }

    /** @throws EngineException ACCESS_DENIED when the catalog has a table or view of this name which the session may not read */
    void requireRead(String name, Catalog catalog) {
        if (policy != null && isHidden(name, catalog)) {
            throw unreadable(name, catalog);
        }
    }

    private boolean isHidden(String name, Catalog catalog) {
        Set<String> readable = readable();
        if (readable == null) {
            return false;
        } else if (catalog.find(name).isPresent()) {
            return !readable.contains(name.toLowerCase(Locale.ROOT));
        }
        return catalog.findView(name).isPresent()
                && visible(catalog).findView(name).isEmpty();
    }

    /**
     * The error of a statement that cannot be planned: that the session may not read what it names, or that it is an administrator's, whatever else is in its way;
     * else the error as it was.
     *
     * @param planAll plans the statement for somebody who may read everything
     */
    EngineException explained(EngineException error, String sql, Supplier<Catalog> whole, Runnable planAll) {
        EngineException hiding = hiding(error, sql, whole, planAll);
        String definition = policy == null || policy.rights().isAdmin() ? null : DefinitionWord.of(sql);
        boolean told = hiding.code() == ErrorCode.SYNTAX_ERROR || hiding.code() == ErrorCode.ACCESS_DENIED;
        if (definition == null || told || !isOfTheText(hiding)) {
            return hiding;
        }
        return denied("run " + definition + " statements", "the role admin"); // no cause: it may name what is hidden
    }

    private static boolean isOfTheText(EngineException error) {
        return error.sqlState().startsWith(OF_THE_TEXT) || error.code() == ErrorCode.DEPENDENT_OBJECTS;
    }

    /**
     * The error of a statement that was planned without the tables that this session may not read: of one that names such a table, the error that says
     * so; else the error as it was.
     */
    private EngineException hiding(EngineException error, String sql, Supplier<Catalog> whole, Runnable planAll) {
        if (readable() == null || !error.sqlState().startsWith(OF_THE_TEXT) || error.code() == ErrorCode.SYNTAX_ERROR) {
            return error;
        }
        Catalog catalog = whole.get();
        String name = error.code() == ErrorCode.UNDEFINED_TABLE ? missing(error, catalog) : hiddenIn(sql, catalog);
        if (name == null || (error.code() != ErrorCode.UNDEFINED_TABLE && isAlwaysWrong(error, planAll))) {
            return error;
        }
        EngineException denied = unreadable(name, catalog);
        return new EngineException(
                denied.code(), String.valueOf(denied.getMessage()), error.line(), error.column(), error);
    }

    private @Nullable String missing(EngineException error, Catalog catalog) {
        String message = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        for (String name : names(catalog)) {
            if (message.contains("'" + name.toLowerCase(Locale.ROOT) + "' does not exist") && isHidden(name, catalog)) {
                return name;
            }
        }
        return null;
    }

    private @Nullable String hiddenIn(String sql, Catalog catalog) {
        for (String name : names(catalog)) {
            boolean named = Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "(?!\\w)", Pattern.CASE_INSENSITIVE)
                    .matcher(sql)
                    .find();
            if (named && isHidden(name, catalog)) {
                return name;
            }
        }
        return null;
    }

    /** Whether a statement is wrong for somebody who may read everything, and in the same way. */
    private static boolean isAlwaysWrong(EngineException error, Runnable planAll) {
        try {
            planAll.run();
            return false;
        } catch (EngineException e) {
            return String.valueOf(e.getMessage()).equals(error.getMessage());
        }
    }

    private static List<String> names(Catalog catalog) {
        List<String> names = new ArrayList<>();
        catalog.tables().stream().map(TableMetadata::name).forEach(names::add);
        catalog.views().stream().map(ViewMetadata::name).forEach(names::add);
        return names;
    }

    private EngineException unreadable(String name, Catalog catalog) {
        ViewMetadata view = catalog.findView(name).orElse(null);
        if (view == null) {
            return denied("read table '" + catalog.get(name).name() + "'", "the grant read:" + name);
        }
        Set<String> readable = readable();
        String what = "read " + view.kind() + " '" + view.name() + "'";
        if (readable != null && readable.contains(name.toLowerCase(Locale.ROOT))) {
            for (ViewMetadata.Dependency dependency : view.dependencies()) {
                if (isHidden(dependency.relation(), catalog)) {
                    return denied(
                            what + ", which reads '" + dependency.relation() + "'",
                            "the grant read:" + dependency.relation());
                }
            }
        }
        return denied(what, "the grant read:" + name);
    }

    private EngineException denied(String what, String needed) {
        if (policy == null) {
            throw new IllegalStateException("everything is allowed here");
        }
        return new EngineException(
                ErrorCode.ACCESS_DENIED,
                "user '" + policy.user() + "' may not " + what + ": the role is " + policy.rights() + ", needed is "
                        + needed);
    }
}
