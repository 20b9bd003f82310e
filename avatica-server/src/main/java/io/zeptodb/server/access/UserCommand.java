package io.zeptodb.server.access;

import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TableRight;
import io.zeptodb.engine.api.UserRole;
import io.zeptodb.server.shell.Terminals;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zepto user}: changes the file of a server's users. A server that runs with the file follows by itself. */
@Command(
        name = "user",
        description = "Manage the users of a server.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UserCommand.Add.class,
            UserCommand.Remove.class,
            UserCommand.Password.class,
            UserCommand.Role.class,
            UserCommand.GrantTables.class,
            UserCommand.RevokeTables.class,
            UserCommand.Limit.class,
            UserCommand.Token.class,
            UserCommand.ListAll.class,
            CommandLine.HelpCommand.class
        })
public final class UserCommand implements Callable<Integer> {
    private static final int LEAST_PASSWORD = 8;

    @Spec
    private @Nullable CommandSpec spec; // set by picocli

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        line.usage(line.getErr());
        return CommandLine.ExitCode.USAGE;
    }

    /** The file, and what every change of it does. */
    static final class UsersOption {
        @Spec(Spec.Target.MIXEE)
        private @Nullable CommandSpec spec;

        @Option(names = "--users", paramLabel = "FILE", required = true, description = "The file of users.")
        private Path path = Path.of("");

        Map<String, User> read() throws IOException {
            return new UsersFile(path).read();
        }

        /** Those of a file that may be new. */
        Map<String, User> readOrNone() throws IOException {
            if (Files.exists(path)) {
                return read();
            }
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null && !Files.isDirectory(parent)) {
                throw new IOException("there is no folder '" + parent + "' for the file of users '" + path + "'");
            }
            return new LinkedHashMap<>();
        }

        User find(Map<String, User> users, String name) throws IOException {
            User user = users.get(name);
            if (user == null) {
                throw new IOException("'" + path + "' has no user '" + name + "'");
            }
            return user;
        }

        /** Changes the users as they are when nobody else is changing them, and says what was done. */
        int change(UsersFile.Change change) throws IOException {
            say(new UsersFile(path).change(false, change));
            return CommandLine.ExitCode.OK;
        }

        /** The same of a file that may be new. */
        int changeOrMake(UsersFile.Change change) throws IOException {
            say(new UsersFile(path).change(true, change));
            return CommandLine.ExitCode.OK;
        }

        /** What the arguments mean; if they mean nothing, the command was called wrongly. */
        <T> T meant(Supplier<T> arguments) {
            try {
                return arguments.get();
            } catch (IllegalArgumentException | EngineException e) {
                throw new CommandLine.ParameterException(
                        Objects.requireNonNull(spec).commandLine(), e.getMessage(), e);
            }
        }

        void say(String message) {
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            out.println(message);
            out.flush();
        }
    }

    /** What is done with one user of the file. */
    abstract static class OfUser implements Callable<Integer> {
        @Mixin
        UsersOption file = new UsersOption();

        @Parameters(index = "0", paramLabel = "NAME", description = "The name.")
        String name = "";
    }

    /** Where a password comes from. */
    static final class PasswordOption {
        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description = "A file with the password in its first line, - for standard input (default: asked for, or"
                        + " standard input when that is no terminal).")
        private @Nullable String file;

        boolean isGiven() {
            return file != null;
        }

        char[] read(String name) throws IOException {
            Console console = System.console();
            char[] password;
            if (file != null && !file.equals("-")) {
                password = Secrets.firstLine(Path.of(file));
            } else if (file == null && console != null && Terminals.isInteractive()) {
                password = asked(console, name);
            } else {
                password = Secrets.firstLine(
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), "standard input");
            }
            if (password.length < LEAST_PASSWORD) {
                throw new IOException("a password has at least " + LEAST_PASSWORD + " characters");
            }
            return password;
        }

        private static char[] asked(Console console, String name) throws IOException {
            char[] first = console.readPassword("Password of %s: ", name);
            char[] second = console.readPassword("Again: ");
            if (first == null || !Arrays.equals(first, second)) {
                throw new IOException("the two passwords are not the same: nothing is changed");
            }
            return first;
        }
    }

    @Command(name = "add", description = "Add a user.", mixinStandardHelpOptions = true)
    static final class Add extends OfUser {
        @Mixin
        private PasswordOption password = new PasswordOption();

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                required = true,
                description = "admin (everything), writer (reads and changes rows) or reader.")
        private String role = "";

        @Option(
                names = "--grant",
                paramLabel = "RIGHT:TABLE",
                description = "read:TABLE or write:TABLE, may be given more than once (default: all tables).")
        private List<String> grants = new ArrayList<>();

        @Option(
                names = "--limit",
                paramLabel = "NAME=VALUE",
                description = "connections, statements, user_memory_limit, query_memory_limit, statement_timeout,"
                        + " max_result_rows or threads; may be given more than once.")
        private Map<String, String> limits = new LinkedHashMap<>();

        @Option(names = "--no-password", description = "The user logs in with tokens alone.")
        private boolean noPassword;

        @Override
        public Integer call() throws IOException {
            AccessRights rights = file.meant(() -> {
                requireName();
                return Grant.rights(role(role), parsed(grants));
            });
            UserLimits limited = file.meant(() -> with(UserLimits.NONE, limits));
            requireNew(file.readOrNone());
            String hash = noPassword ? null : PasswordHash.of(password.read(name));
            User user = new User(name, rights, hash, List.of(), limited);
            return file.changeOrMake(users -> {
                requireNew(users);
                users.put(name, user);
                return "user '" + name + "' is there: " + rights;
            });
        }

        private void requireName() {
            String wrong = User.wrongName(name);
            if (wrong != null) {
                throw new IllegalArgumentException(wrong);
            } else if (noPassword && password.isGiven()) {
                throw new IllegalArgumentException("--no-password and --password-file contradict each other");
            }
        }

        private void requireNew(Map<String, User> users) throws IOException {
            if (users.containsKey(name)) {
                throw new IOException("there is a user '" + name + "' already: zepto user password, role, grant and"
                        + " revoke change it");
            }
        }
    }

    private static UserRole role(String text) {
        return UserRole.find(text)
                .orElseThrow(
                        () -> new IllegalArgumentException("a role is admin, writer or reader, got '" + text + "'"));
    }

    private static List<Grant> parsed(List<String> grants) {
        return grants.stream().map(Grant::parse).toList();
    }

    private static UserLimits with(UserLimits limits, Map<String, String> changes) {
        UserLimits limited = limits;
        for (Map.Entry<String, String> limit : changes.entrySet()) {
            limited = limited.with(limit.getKey(), limit.getValue());
        }
        return limited;
    }

    @Command(name = "remove", description = "Remove a user.", mixinStandardHelpOptions = true)
    static final class Remove extends OfUser {
        @Override
        public Integer call() throws IOException {
            return file.change(users -> {
                file.find(users, name);
                users.remove(name);
                return "user '" + name + "' is gone";
            });
        }
    }

    @Command(name = "password", description = "Change a user's password.", mixinStandardHelpOptions = true)
    static final class Password extends OfUser {
        @Mixin
        private PasswordOption password = new PasswordOption();

        @Override
        public Integer call() throws IOException {
            file.find(file.read(), name); // before anybody is asked
            String hash = PasswordHash.of(password.read(name)); // others need not wait for this
            return file.change(users -> {
                users.put(name, file.find(users, name).withPassword(hash));
                return "user '" + name + "' has another password; tokens stay as they were";
            });
        }
    }

    @Command(
            name = "role",
            description =
                    "Change a user's role; the tables stay the user's as far as the role has the right: a reader's grants"
                            + " are to read. Other ones with --grant, or --all-tables.",
            mixinStandardHelpOptions = true)
    static final class Role extends OfUser {
        @Parameters(index = "1", paramLabel = "ROLE", description = "admin, writer or reader.")
        private String role = "";

        @Option(
                names = "--grant",
                paramLabel = "RIGHT:TABLE",
                description = "As in zepto user add: these in the place of those that the user has.")
        private List<String> grants = new ArrayList<>();

        @Option(names = "--all-tables", description = "All tables, in the place of the grants that the user has.")
        private boolean allTables;

        /** Said before the file is looked at: null for the grants that the user has. */
        private @Nullable AccessRights asked() {
            UserRole wanted = role(role);
            if (allTables && !grants.isEmpty()) {
                throw new IllegalArgumentException("--all-tables and --grant contradict each other");
            }
            boolean kept = !allTables && grants.isEmpty() && wanted != UserRole.ADMIN;
            return kept ? null : Grant.rights(wanted, parsed(grants));
        }

        @Override
        public Integer call() throws IOException {
            Optional<AccessRights> asked = file.meant(() -> Optional.ofNullable(asked()));
            return file.change(users -> {
                User user = file.find(users, name);
                AccessRights rights = asked.orElseGet(() -> Grant.kept(user.rights(), role(role)));
                users.put(name, user.withRights(rights));
                return "user '" + name + "' is " + rights;
            });
        }
    }

    /** Changes the rights with tables. */
    abstract static class Rights extends OfUser {
        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "RIGHT:TABLE",
                description = "read:TABLE or write:TABLE, * for all tables.")
        private List<String> grants = new ArrayList<>();

        abstract void change(Map<String, TableRight> tables, Grant grant) throws IOException;

        /** What to say besides, of one of those that were asked for. */
        String note(Map<String, TableRight> tables, Grant grant) {
            return "";
        }

        @Override
        public Integer call() throws IOException {
            List<Grant> asked = file.meant(() -> parsed(grants));
            return file.change(users -> {
                User user = file.find(users, name);
                AccessRights before = user.rights();
                if (before.isAdmin()) {
                    throw new IOException(
                            "user '" + name + "' is admin, and has every right: zepto user role changes that");
                }
                Map<String, TableRight> tables = new LinkedHashMap<>(before.tables());
                for (Grant grant : asked) {
                    change(tables, grant);
                }
                AccessRights after = AccessRights.of(before.role(), tables);
                users.put(name, user.withRights(after));
                StringBuilder said = new StringBuilder("user '" + name + "' is " + after);
                asked.forEach(grant -> said.append(note(tables, grant)));
                return said.toString();
            });
        }
    }

    @Command(name = "grant", description = "Give a user rights with tables.", mixinStandardHelpOptions = true)
    static final class GrantTables extends Rights {
        @Override
        void change(Map<String, TableRight> tables, Grant grant) {
            tables.merge(grant.folded(), grant.right(), (one, other) -> one == TableRight.WRITE ? one : other);
        }
    }

    @Command(
            name = "revoke",
            description = "Take rights with tables from a user; write:TABLE leaves the right to read.",
            mixinStandardHelpOptions = true)
    static final class RevokeTables extends Rights {
        @Override
        void change(Map<String, TableRight> tables, Grant grant) throws IOException {
            TableRight has = tables.get(grant.folded());
            if (has == null || (grant.right() == TableRight.WRITE && has == TableRight.READ)) {
                throw new IOException(
                        "there is no grant " + grant.right() + ":" + grant.table() + " to revoke: there are "
                                + (tables.isEmpty() ? "none" : String.join(", ", Grant.texts(tables))));
            } else if (grant.right() == TableRight.WRITE) {
                tables.put(grant.folded(), TableRight.READ);
            } else {
                tables.remove(grant.folded());
            }
        }

        @Override
        String note(Map<String, TableRight> tables, Grant grant) {
            TableRight ofAll = tables.get("*");
            boolean stays = ofAll != null
                    && !grant.folded().equals("*")
                    && (grant.right() == TableRight.READ || ofAll == TableRight.WRITE);
            return stays ? "; " + ofAll + ":* still gives " + grant.right() + ":" + grant.table() : "";
        }
    }

    @Command(name = "limit", description = "Set limits of a user.", mixinStandardHelpOptions = true)
    static final class Limit extends OfUser {
        @Parameters(
                index = "1..*",
                arity = "0..*",
                paramLabel = "NAME=VALUE",
                description = "As --limit of zepto user add; without any, there are none of the user's own any more.")
        private Map<String, String> limits = new LinkedHashMap<>();

        @Override
        public Integer call() throws IOException {
            UserLimits checked = file.meant(() -> with(UserLimits.NONE, limits));
            return file.change(users -> {
                User user = file.find(users, name);
                UserLimits limited = limits.isEmpty() ? checked : with(user.limits(), limits);
                users.put(name, user.withLimits(limited));
                return "user '" + name + "' has " + text(limited);
            });
        }
    }

    private static String text(UserLimits limits) {
        List<String> texts = new ArrayList<>();
        if (limits.connections() > 0) {
            texts.add("connections=" + limits.connections());
        }
        if (limits.statements() > 0) {
            texts.add("statements=" + limits.statements());
        }
        limits.options().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> texts.add(each.toString()));
        return texts.isEmpty() ? "no limits of its own" : String.join(", ", texts);
    }

    @Command(
            name = "token",
            description = "Make a bearer token for a user. It is shown once and kept as a hash.",
            mixinStandardHelpOptions = true)
    static final class Token extends OfUser {
        @Option(
                names = "--expires-days",
                paramLabel = "N",
                description = "Days until it is no good any more (default: never).")
        private @Nullable Integer days;

        @Option(names = "--revoke-all", description = "Take all tokens from the user instead.")
        private boolean revoke;

        private Integer checkedDays() {
            if (days != null && revoke) {
                throw new IllegalArgumentException("--expires-days and --revoke-all contradict each other");
            } else if (days != null && days < 1) {
                throw new IllegalArgumentException("--expires-days is a number from 1 on");
            }
            return days == null ? 0 : days;
        }

        @Override
        public Integer call() throws IOException {
            int lifetime = file.meant(this::checkedDays);
            return file.change(users -> {
                User user = file.find(users, name);
                if (revoke) {
                    users.put(name, user.withoutTokens());
                    return "user '" + name + "' has no tokens";
                }
                Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
                String token = Tokens.random();
                Instant end = lifetime == 0 ? null : now.plus(Duration.ofDays(lifetime));
                users.put(name, user.withToken(new User.Token(Tokens.hash(token), now, end), now));
                return token;
            });
        }
    }

    @Command(name = "list", description = "Show the users.", mixinStandardHelpOptions = true)
    static final class ListAll implements Callable<Integer> {
        @Mixin
        private UsersOption file = new UsersOption();

        @Override
        public Integer call() throws IOException {
            for (User user : file.read().values()) {
                List<String> parts = new ArrayList<>();
                parts.add(user.rights().toString());
                if (user.password() == null) {
                    parts.add("no password");
                }
                Instant now = Instant.now();
                long tokens = user.tokens().stream()
                        .filter(token -> !token.isOver(now))
                        .count();
                if (tokens > 0) {
                    parts.add(tokens + (tokens == 1 ? " token" : " tokens"));
                }
                if (!user.limits().equals(UserLimits.NONE)) {
                    parts.add(text(user.limits()));
                }
                file.say(user.name() + ": " + String.join("; ", parts));
            }
            return CommandLine.ExitCode.OK;
        }
    }
}
