package io.zeptodb.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.TableRight;
import io.zeptodb.engine.api.UserRole;
import io.zeptodb.server.ZeptoCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of users and the command that writes it. */
class UsersFileTest {
    @TempDir
    private Path folder;

    /** In the place of the usual file. */
    private Path instead;

    private Path path() {
        return instead != null ? instead : folder.resolve("users.json");
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        Map<String, User> users = new LinkedHashMap<>();
        Instant now = Instant.parse("2026-01-31T12:00:00Z");
        users.put(
                "ann",
                new User(
                        "ann",
                        AccessRights.of(UserRole.WRITER, Map.of("quotes", TableRight.WRITE, "*", TableRight.READ)),
                        PasswordHash.of("a password".toCharArray(), 1_000),
                        List.of(new User.Token("x", now, null), new User.Token("y", now, now.plusSeconds(1))),
                        new UserLimits(3, 4, Map.of("statement_timeout", "5s"))));
        users.put(
                "none", new User("none", AccessRights.of(UserRole.READER, Map.of()), null, List.of(), UserLimits.NONE));
        users.put("bob", new User("bob", AccessRights.ofRole(UserRole.ADMIN), null, List.of(), UserLimits.NONE));
        UsersFile file = new UsersFile(path());
        file.write(users);
        file.write(users);
        Map<String, User> read = file.read();
        assertThat(read).isEqualTo(users);
        assertThat(List.copyOf(read.keySet())).containsExactly("ann", "none", "bob");
        assertThat(folder.toFile().list()).containsExactly("users.json");
        if (Files.getFileStore(path()).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                    .isEqualTo("rw-------");
            assertThat(file.isOpenToOthers()).isFalse();
            Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r-----"));
            assertThat(file.isOpenToOthers()).isTrue();
        }
    }

    @Test
    void passwordsAreSaltedAndTheirHashesRecognised() {
        String hash = PasswordHash.of("a password".toCharArray(), 1_000);
        assertThat(hash).isNotEqualTo(PasswordHash.of("a password".toCharArray(), 1_000));
        assertThat(PasswordHash.isHash(hash)).isTrue();
        assertThat(PasswordHash.matches("a password".toCharArray(), hash)).isTrue();
        assertThat(PasswordHash.matches("another".toCharArray(), hash)).isFalse();
        for (String none :
                List.of("a password", "", "pbkdf2-sha256$1$AAAA$AAAA", hash + "x", hash.replace("1000", "99999999"))) {
            assertThat(PasswordHash.isHash(none)).as(none).isFalse();
        }
    }

    private void refused(String text, String message) throws IOException {
        Files.writeString(path(), text);
        assertThatThrownBy(() -> new UsersFile(path()).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("users.json'")
                .hasMessageContaining(message);
    }

    @Test
    void whatIsWrongInTheFileIsTold() throws Exception {
        assertThatThrownBy(() -> new UsersFile(path()).read()).hasMessageContaining("zepto user add NAME --users FILE");
        refused("", "it says no 'version'");
        refused("{\n \"version\": 1, users: []}", "line 2, column");
        refused("{\"version\": 1} x", "line 1, column");
        refused("[]", "it says no 'version'");
        refused("{\"version\": 2, \"users\": []}", "it is of version 2, this program knows version 1");
        refused("{\"version\": 1}", "'users' is no list");
        refused("{\"version\": 1, \"users\": [], \"roles\": []}", "there is no 'roles': known are users, version");
        refused(users("{}"), "users[0]: it has no 'name'");
        refused(users("7"), "users[0]: it is no object");
        refused(users("{\"name\": \"a b\", \"role\": \"reader\"}"), "users[0]: a user's name has 1 to 128 characters");
        refused(users("{\"name\": \"a\"}"), "users[0] 'a': 'role' is one of admin, writer, reader, got null");
        refused(users("{\"name\": \"a\", \"role\": \"king\"}"), "got king");
        refused(users("{\"name\": \"a\", \"role\": 1}"), "'role' is no text");
        refused(users("{\"name\": \"a\", \"role\": \"reader\", \"grant\": []}"), "users[0] 'a': there is no 'grant'");
        refused(
                users("{\"name\": \"a\", \"role\": \"reader\", \"grants\": [\"trades\"]}"),
                "a grant is read:TABLE or write:TABLE, with * for all tables; got 'trades'");
        refused(users("{\"name\": \"a\", \"role\": \"reader\", \"grants\": [\"write:t\"]}"), "make it a writer");
        refused(users("{\"name\": \"a\", \"role\": \"admin\", \"grants\": [\"read:t\"]}"), "takes no grants");
        refused(users("{\"name\": \"a\", \"role\": \"admin\", \"grants\": []}"), "takes no grants");
        refused(users("{\"name\": \"a\", \"role\": \"reader\", \"password\": \"secret\"}"), "'password' is no hash");
        refused(users("{\"name\": \"a\", \"role\": \"reader\", \"limits\": {\"cpu\": 1}}"), "there is no limit 'cpu'");
        refused(
                users("{\"name\": \"a\", \"role\": \"reader\", \"limits\": {\"connections\": 0}}"),
                "a number from 1 on");
        refused(
                users("{\"name\": \"a\", \"role\": \"reader\", \"limits\": {\"statement_timeout\": \"soon\"}}"),
                "statement_timeout");
        refused(
                users("{\"name\": \"a\", \"role\": \"reader\", \"limits\": {\"user_memory_limit\": \"much\"}}"),
                "users[0] 'a': option user_memory_limit must be bytes ('1073741824'), a size");
        refused(
                users("{\"name\": \"a\", \"role\": \"reader\"}, {\"name\": \"a\", \"role\": \"reader\"}"),
                "users[1]: there are two users 'a'");
        refused(users("{\"name\": \"a\", \"name\": \"b\", \"role\": \"reader\"}"), "line 1, column");
        refused(
                users(
                        "{\"name\": \"a\", \"role\": \"reader\", \"tokens\": [{\"hash\": \"x\", \"created\": \"today\"}]}"),
                "the time of a token");
    }

    @Test
    void valuesOfTheWrongShapeAreNotTakenForNone() throws Exception {
        String reader = "{\"name\": \"a\", \"role\": \"reader\", ";
        for (String shape : List.of("\"none\"", "[{\"connections\": 2}]", "[]", "null", "7", "true")) {
            refused(users(reader + "\"limits\": " + shape + "}"), "users[0] 'a': 'limits' is no object, but ");
        }
        for (String shape : List.of("\"abc\"", "{}", "null", "7", "{\"hash\": \"x\"}")) {
            refused(users(reader + "\"tokens\": " + shape + "}"), "users[0] 'a': 'tokens' is no list, but ");
        }
        for (String shape : List.of("\"read:t\"", "{}", "null", "{\"read\": \"t\"}")) {
            refused(users(reader + "\"grants\": " + shape + "}"), "users[0] 'a': 'grants' is no list");
        }
        for (String shape : List.of("5", "null", "[\"read:t\"]", "{\"read\": \"t\"}")) {
            refused(users(reader + "\"grants\": [" + shape + "]}"), "users[0] 'a': a grant is a text, got ");
            refused(
                    users(reader + "\"tokens\": [" + (shape.startsWith("{") ? "[]" : shape) + "]}"),
                    "users[0] 'a': a token is an object, got ");
            refused(users(reader + "\"password\": " + shape + "}"), "'password' is no text");
        }
        for (String shape : List.of("null", "true", "[1]", "{}")) {
            refused(
                    users(reader + "\"limits\": {\"threads\": " + shape + "}}"),
                    "users[0] 'a': limit 'threads' is a text or a number, got ");
            refused(
                    users(reader + "\"limits\": {\"connections\": " + shape + "}}"),
                    "users[0] 'a': limit 'connections' is a number from 1 on, got ");
        }
        refused("{\"version\": 1, \"users\": {\"name\": \"a\"}}", "'users' is no list");
        refused("{\"version\": \"1\", \"users\": []}", "it says no 'version'");
        refused(users("[" + reader + "\"grants\": []}]"), "users[0]: it is no object");
    }

    private static String users(String entries) {
        return "{\"version\": 1, \"users\": [" + entries + "]}";
    }

    /** Output and exit code of the command. */
    private String run(String input, String... arguments) {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream collected = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(collected);
            System.setErr(collected);
            String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
            all[arguments.length] = "--users";
            all[arguments.length + 1] = path().toString();
            int code = ZeptoCommand.run(all);
            return code + " " + bytes.toString(StandardCharsets.UTF_8).strip();
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void theCommandKeepsTheFile() throws Exception {
        String add = run(
                "correct horse\n",
                "user",
                "add",
                "ann",
                "--role",
                "reader",
                "--grant",
                "read:Trades",
                "--grant",
                "read:quotes",
                "--limit",
                "connections=5",
                "--password-file",
                "-");
        assertThat(add).isEqualTo("0 user 'ann' is there: reader on quotes, trades only");
        User ann = new UsersFile(path()).read().get("ann");
        assertThat(ann.password()).startsWith("pbkdf2-sha256$600000$");
        assertThat(PasswordHash.matches("correct horse".toCharArray(), ann.password()))
                .isTrue();
        assertThat(ann.limits().connections()).isEqualTo(5);
        assertThat(Files.readString(path())).doesNotContain("correct horse");

        assertThat(run("correct horse\n", "user", "add", "ann", "--role", "reader"))
                .contains("1 zepto: there is a user 'ann' already");
        assertThat(run("short\n", "user", "add", "bob", "--role", "reader", "--password-file", "-"))
                .contains("at least 8 characters");
        assertThat(run("", "user", "add", "bob", "--role", "reader", "--password-file", "-"))
                .contains("no password in the first line of standard input");
        assertThat(run("", "user", "add", "bob", "--role", "king", "--no-password"))
                .contains("a role is admin, writer or reader, got 'king'");
        assertThat(run("", "user", "add", "b:b", "--role", "reader", "--no-password"))
                .contains("without blanks, colons and quotes");
        assertThat(run("", "user", "add", "bob", "--role", "reader", "--grant", "write:t", "--no-password"))
                .startsWith("2 the role reader cannot have the grant write:t");
        assertThat(run("", "user", "add", "bob", "--role", "writer", "--no-password"))
                .isEqualTo("0 user 'bob' is there: writer");

        assertThat(run("", "user", "revoke", "bob", "write:*")).isEqualTo("0 user 'bob' is writer on read:* only");
        assertThat(run("", "user", "grant", "bob", "write:quotes"))
                .isEqualTo("0 user 'bob' is writer on read:*, write:quotes only");
        assertThat(run("", "user", "grant", "bob", "read:trades")).contains("read:trades");
        assertThat(run("", "user", "revoke", "bob", "read:trades"))
                .isEqualTo("0 user 'bob' is writer on read:*, write:quotes only; read:* still gives read:trades");
        assertThat(run("", "user", "revoke", "bob", "write:quotes"))
                .isEqualTo("0 user 'bob' is writer on read:*, read:quotes only");
        assertThat(run("", "user", "revoke", "bob", "read:*", "read:quotes"))
                .isEqualTo("0 user 'bob' is writer on no table");
        assertThat(new UsersFile(path()).read().get("bob").rights().mayRead("quotes"))
                .isFalse();
        assertThat(run("", "user", "revoke", "bob", "read:quotes"))
                .contains("there is no grant read:quotes to revoke: there are none");
        assertThat(run("", "user", "role", "bob", "admin")).isEqualTo("0 user 'bob' is admin");
        assertThat(run("", "user", "grant", "bob", "read:x")).contains("is admin, and has every right");
        assertThat(run("", "user", "grant", "eve", "read:x")).contains("has no user 'eve'");

        String token = run("", "user", "token", "ann", "--expires-days", "30").substring(2);
        assertThat(token).startsWith("zepto_").hasSizeGreaterThan(40);
        assertThat(Files.readString(path())).doesNotContain(token).contains(Tokens.hash(token));
        assertThat(run("", "user", "limit", "ann", "user_memory_limit=25%", "query_memory_limit=64MB"))
                .isEqualTo("0 user 'ann' has connections=5, query_memory_limit=64MB, user_memory_limit=25%");
        assertThat(run("", "user", "list"))
                .isEqualTo(
                        "0 ann: reader on quotes, trades only; 1 token; connections=5, query_memory_limit=64MB, user_memory_limit=25%\nbob: admin; no password"
                                .replace("\n", System.lineSeparator()));
        assertThat(run("", "user", "token", "ann", "--revoke-all")).isEqualTo("0 user 'ann' has no tokens");
        assertThat(run("another one\n", "user", "password", "ann", "--password-file", "-"))
                .contains("0 user 'ann' has another password");
        assertThat(run("", "user", "remove", "ann")).isEqualTo("0 user 'ann' is gone");
        assertThat(new UsersFile(path()).read()).containsOnlyKeys("bob");
        assertThat(run("", "user")).startsWith("2 ");
    }

    @Test
    void anotherRoleGivesNoTables() throws Exception {
        String[] add = {"user", "add", "ann", "--no-password", "--role", "reader", "--grant", "read:trades"};
        assertThat(run("", add)).isEqualTo("0 user 'ann' is there: reader on trades only");
        assertThat(run("", "user", "role", "ann", "writer")).isEqualTo("0 user 'ann' is writer on read:trades only");
        assertThat(run("", "user", "grant", "ann", "write:quotes"))
                .isEqualTo("0 user 'ann' is writer on write:quotes, read:trades only");
        assertThat(run("", "user", "role", "ann", "reader")).isEqualTo("0 user 'ann' is reader on quotes, trades only");
        assertThat(run("", "user", "role", "ann", "reader", "--grant", "read:x"))
                .isEqualTo("0 user 'ann' is reader on x only");
        assertThat(run("", "user", "revoke", "ann", "read:y"))
                .isEqualTo("1 zepto: there is no grant read:y to revoke: there are read:x");
        assertThat(run("", "user", "revoke", "ann", "read:x")).isEqualTo("0 user 'ann' is reader on no table");
        assertThat(run("", "user", "role", "ann", "writer")).isEqualTo("0 user 'ann' is writer on no table");
        assertThat(run("", "user", "role", "ann", "writer", "--all-tables")).isEqualTo("0 user 'ann' is writer");
        assertThat(run("", "user", "role", "ann", "reader")).isEqualTo("0 user 'ann' is reader");
        assertThat(new UsersFile(path()).read().get("ann").rights()).isEqualTo(AccessRights.ofRole(UserRole.READER));
        assertThat(run("", "user", "role", "ann", "admin")).isEqualTo("0 user 'ann' is admin");
    }

    @Test
    void whoCallsWronglyIsToldWithTwo() throws Exception {
        String[][] calls = {
            {"user", "add", "a:b", "--role", "reader", "--no-password"},
            {"user", "add", "ann", "--role", "king", "--no-password"},
            {"user", "add", "ann", "--role", "reader", "--grant", "trades", "--no-password"},
            {"user", "add", "ann", "--role", "admin", "--grant", "read:trades", "--no-password"},
            {"user", "add", "ann", "--role", "reader", "--limit", "cpu=1", "--no-password"},
            {"user", "add", "ann", "--role", "reader", "--limit", "statement_timeout=soon", "--no-password"},
            {"user", "add", "ann", "--role", "reader", "--no-password", "--password-file", "-"},
            {"user", "role", "ann", "king"},
            {"user", "role", "ann", "reader", "--grant", "write:t"},
            {"user", "role", "ann", "reader", "--grant", "read:t", "--all-tables"},
            {"user", "grant", "ann", "trades"},
            {"user", "limit", "ann", "cpu=1"},
            {"user", "limit", "ann", "user_memory_limit=0"},
            {"user", "token", "ann", "--expires-days", "0"},
            {"user", "token", "ann", "--expires-days", "1", "--revoke-all"}
        };
        for (String[] call : calls) {
            assertThat(run("a password\n", call)).as(String.join(" ", call)).startsWith("2 ");
        }
        assertThat(folder.toFile().list()).isEmpty();
    }

    @Test
    void aFileThatCannotBeOneIsSaidToBeNone() throws Exception {
        String[] add = {"add", "ann", "--role", "reader", "--no-password"};
        Path missing = folder.resolve("nonexist");
        assertThat(runWith(missing.resolve("u.json"), add)).startsWith("1 zepto: there is no folder '" + missing + "'");
        assertThat(runWith(folder, add))
                .isEqualTo("1 zepto: the file of users '" + folder + "' cannot be used: it is a folder");
        assertThat(runWith(folder, "list")).contains("it is a folder");
    }

    private String runWith(Path users, String... arguments) {
        Path before = instead;
        instead = users;
        try {
            String[] all = new String[arguments.length + 1];
            all[0] = "user";
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            return run("", all);
        } finally {
            instead = before;
        }
    }

    @Test
    void changesAtTheSameTimeAreAllKept() throws Exception {
        int count = 40;
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> added = new ArrayList<>();
            for (int n = 0; n < count; n++) {
                String name = "user" + n;
                added.add(threads.submit(() -> new UsersFile(path()).change(true, users -> {
                    User user = new User(name, AccessRights.ofRole(UserRole.READER), null, List.of(), UserLimits.NONE);
                    users.put(name, user);
                    return name;
                })));
            }
            for (Future<String> each : added) {
                assertThat(each.get()).startsWith("user");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(new UsersFile(path()).read()).hasSize(count);
    }

    @Test
    void anotherProgramIsWaitedFor() throws Exception {
        Path lock = Path.of(path() + ".lock");
        ExecutorService threads = Executors.newSingleThreadExecutor();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path program = path().resolveSibling("Hold.java");
        Files.writeString(
                program,
                "import java.nio.channels.*; import java.nio.file.*; class Hold { public static void main(String[] a)"
                        + " throws Exception { try (var c = FileChannel.open(Path.of(a[0]), StandardOpenOption.CREATE,"
                        + " StandardOpenOption.WRITE); var l = c.lock()) { System.out.write('x'); System.out.flush();"
                        + " System.in.read(); } } }");
        Process other = new ProcessBuilder(java, program.toString(), lock.toString()).start();
        try {
            assertThat(other.getInputStream().read()).isEqualTo('x');
            Future<String> added = threads.submit(() -> new UsersFile(path()).change(true, users -> "done"));
            Thread.sleep(300);
            assertThat(added.isDone()).isFalse();
            assertThat(path()).doesNotExist();
            other.getOutputStream().close();
            assertThat(added.get()).isEqualTo("done");
            assertThat(path()).exists();
        } finally {
            other.destroy();
            threads.shutdownNow();
        }
    }

    /** Else the time of the answer would tell which names there are. */
    @Test
    void aNameThatIsUnknownCostsAsMuchAsOneThatIsKnown() throws Exception {
        UsersFixture fixture = new UsersFixture(path());
        Users users = Users.of(path());
        assertThat(PasswordHash.rounds(users.snapshot().nobody())).isEqualTo(1_000);
        fixture.put("app", AccessRights.ofRole(UserRole.READER), UserLimits.NONE, 5_000);
        String nobody = users.refreshed().nobody();
        assertThat(PasswordHash.rounds(nobody)).isEqualTo(5_000);
        assertThat(PasswordHash.isHash(nobody)).isTrue();
        assertThat(PasswordHash.matches(new char[0], nobody)).isFalse();
        for (String name : List.of("root", "wes", "ann", "app")) {
            fixture.remove(name);
        }
        assertThat(PasswordHash.rounds(users.refreshed().nobody())).isEqualTo(PasswordHash.ROUNDS);
        assertThat(PasswordHash.rounds("secret")).isZero();
    }
}
