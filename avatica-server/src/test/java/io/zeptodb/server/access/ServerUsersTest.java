package io.zeptodb.server.access;

import static io.zeptodb.server.access.Answers.assertState;
import static io.zeptodb.server.access.Answers.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.TableRight;
import io.zeptodb.engine.api.UserRole;
import io.zeptodb.server.ZeptoServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with users: who gets in, as whom, and who does not. */
@Timeout(120)
class ServerUsersTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private UsersFixture users;
    private ZeptoServer server;

    @BeforeEach
    void start() throws Exception {
        users = new UsersFixture(folder.resolve("users.json"));
        server = start(null, new UserLimits(20, 50, Map.of()));
        try (Connection root = connect("root");
                Statement statement = root.createStatement()) {
            statement.execute("CREATE TABLE quotes (symbol SYMBOL, bid DOUBLE)");
            statement.execute("CREATE TABLE trades (symbol SYMBOL, price DOUBLE)");
            statement.execute("INSERT INTO quotes VALUES ('A', 1), ('B', 2)");
            statement.execute("INSERT INTO trades VALUES ('A', 1), ('B', 2), ('C', 3)");
        }
    }

    private ZeptoServer start(UserRole anonymous, UserLimits limits) throws Exception {
        return ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .access(new ServerAccess(null, users.path(), anonymous, false, null, limits))
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Connection connect(String user) throws SQLException {
        return connect(user, UsersFixture.password(user));
    }

    private Connection connect(String user, String password) throws SQLException {
        Connection connection = DriverManager.getConnection(server.jdbcUrl(), user, password);
        try {
            one(connection, "SELECT 1");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private String stockUrl(String serialization) {
        return "jdbc:avatica:remote:url=http://localhost:" + server.port() + "/;serialization=" + serialization
                + ";authentication=BASIC";
    }

    private Connection stock(String serialization, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.put("avatica_user", user);
        properties.put("avatica_password", password);
        return DriverManager.getConnection(stockUrl(serialization), properties);
    }

    @Test
    void usersGetInWithTheirPasswordsAndDoWhatTheyMay() throws Exception {
        try (Connection ann = connect("ann");
                Connection wes = connect("wes")) {
            assertThat(one(ann, "SELECT count(*) FROM quotes")).isEqualTo(2L);
            assertState("42501", () -> one(ann, "SELECT count(*) FROM trades"));
            assertState("42501", () -> ann.createStatement().executeUpdate("DELETE FROM quotes"));
            assertThat(wes.createStatement().executeUpdate("INSERT INTO trades VALUES ('D', 4)"))
                    .isEqualTo(1);
            assertState("42501", () -> wes.createStatement().execute("DROP TABLE trades"));
            assertThatThrownBy(() -> one(ann, "SELECT count(*) FROM trades"))
                    .hasMessageContaining("user 'ann' may not read table 'trades': the role is reader on quotes only");
            List<String> seen = new ArrayList<>();
            try (ResultSet tables = ann.getMetaData().getTables(null, "main", "%", null)) {
                while (tables.next()) {
                    seen.add(tables.getString("TABLE_NAME"));
                }
            }
            assertThat(seen).containsExactly("quotes");
        }
    }

    @Test
    void privilegesAreThoseOfTheUser() throws Exception {
        users.put(
                "mia", AccessRights.of(UserRole.WRITER, Map.of("quotes", TableRight.READ, "trades", TableRight.WRITE)));
        Map<String, List<String>> held = Map.of(
                "root", List.of("quotes DELETE", "quotes INSERT", "quotes SELECT", "quotes UPDATE"),
                "wes", List.of("quotes DELETE", "quotes INSERT", "quotes SELECT", "quotes UPDATE"),
                "ann", List.of("quotes SELECT"),
                "mia", List.of("quotes SELECT"));
        for (Map.Entry<String, List<String>> user : held.entrySet()) {
            try (Connection connection = connect(user.getKey())) {
                DatabaseMetaData metaData = connection.getMetaData();
                assertThat(privileges(metaData.getTablePrivileges(null, "main", "quotes"), metaData.getUserName()))
                        .as(user.getKey())
                        .isEqualTo(user.getValue());
            }
        }
        try (Connection ann = connect("ann")) {
            DatabaseMetaData metaData = ann.getMetaData();
            assertThat(privileges(metaData.getTablePrivileges(null, "main", "%"), "ann"))
                    .containsExactly("quotes SELECT");
            assertThat(privileges(metaData.getColumnPrivileges(null, null, "trades", null), "ann"))
                    .isEmpty();
            assertThat(privileges(metaData.getColumnPrivileges(null, null, "quotes", "%"), "ann"))
                    .containsExactly("quotes SELECT", "quotes SELECT");
            users.put("ann", AccessRights.of(UserRole.WRITER, Map.of("trades", TableRight.WRITE)));
            assertThat(privileges(metaData.getTablePrivileges(null, "main", "%"), "ann"))
                    .as("with the next question")
                    .containsExactly("trades DELETE", "trades INSERT", "trades SELECT", "trades UPDATE");
        }
        try (Connection stock = stock("protobuf", "wes", UsersFixture.password("wes"));
                Statement statement = stock.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT DISTINCT grantee, count(*) FROM zepto_privileges() WHERE table_name = 'quotes' GROUP BY grantee")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1) + rows.getInt(2)).isEqualTo("wes4");
        }
    }

    private static List<String> privileges(ResultSet rows, String grantee) throws SQLException {
        List<String> held = new ArrayList<>();
        try (rows) {
            while (rows.next()) {
                assertThat(rows.getString("GRANTEE")).isEqualTo(grantee);
                held.add(rows.getString("TABLE_NAME") + " " + rows.getString("PRIVILEGE"));
            }
        }
        return held;
    }

    @Test
    void othersAreRefusedWith28000() {
        assertState("28000", () -> connect("ann", "wrong"));
        assertState("28000", () -> connect("nobody", "wrong"));
        assertState("28000", () -> connect("ann", ""));
        assertState("28000", () -> {
            try (Connection none = DriverManager.getConnection(server.jdbcUrl())) {
                one(none, "SELECT 1");
            }
        });
    }

    @Test
    void avaticasOwnClientIsTreatedAlike() throws Exception {
        for (String serialization : List.of("protobuf", "json")) {
            try (Connection ann = stock(serialization, "ann", UsersFixture.password("ann"))) {
                assertThat(one(ann, "SELECT count(*) FROM quotes")).isEqualTo(2L);
                assertState("42501", () -> one(ann, "SELECT count(*) FROM trades"));
            }
            assertThatThrownBy(() -> {
                        try (Connection wrong = stock(serialization, "wes", "wrong")) {
                            one(wrong, "SELECT 1");
                        }
                    })
                    .as(serialization)
                    .satisfies(thrown ->
                            assertThat(stateOf(thrown)).as(serialization).isEqualTo("28000"));
        }
    }

    private static String stateOf(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            } else if (cause instanceof org.apache.calcite.avatica.AvaticaClientRuntimeException remote) {
                return remote.getSqlState();
            }
        }
        return thrown.toString();
    }

    @Test
    void tokensAreAsGoodAsPasswordsUntilTheyEnd() throws Exception {
        assertThat(post(
                                "/",
                                "Bearer " + UsersFixture.TOKEN,
                                "{\"request\":\"openConnection\",\"connectionId\":\"t\",\"info\":{}}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(post("/cancel", "Bearer " + UsersFixture.OLD_TOKEN, "x").statusCode())
                .isEqualTo(401);
        assertThat(post("/cancel", "Bearer no-token-at-all", "x").statusCode()).isEqualTo(401);
        assertThat(post("/cancel", "Digest x", "x").statusCode()).isEqualTo(401);
        assertThat(post("/cancel", "Basic !!!", "x").statusCode()).isEqualTo(401);
        assertThat(post("/cancel", basic("ann", UsersFixture.password("ann")), "x")
                        .statusCode())
                .isEqualTo(204);
        Properties properties = new Properties();
        properties.put("token", UsersFixture.TOKEN);
        try (Connection ann = DriverManager.getConnection(server.jdbcUrl(), properties)) {
            assertThat(one(ann, "SELECT count(*) FROM quotes")).isEqualTo(2L);
            assertState("42501", () -> one(ann, "SELECT count(*) FROM trades"));
        }
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> post(String path, String authorization, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .method(
                        body == null ? "GET" : "POST",
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whoSaysNothingIsAsked() throws Exception {
        HttpResponse<String> answer = post("/", null, "{}");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().allValues("WWW-Authenticate"))
                .anyMatch(value -> value.startsWith("Basic realm="))
                .anyMatch(value -> value.startsWith("Bearer "));
        HttpRequest page = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
                .header("Origin", "http://evil.example")
                .header("Authorization", basic("ann", UsersFixture.password("ann")))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(page, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aConnectionIsOfTheUserWhoOpenedIt() throws Exception {
        String ann = basic("ann", UsersFixture.password("ann"));
        String wes = basic("wes", UsersFixture.password("wes"));
        assertThat(post("/", ann, "{\"request\":\"openConnection\",\"connectionId\":\"c1\",\"info\":{}}")
                        .statusCode())
                .isEqualTo(200);
        String create = "{\"request\":\"createStatement\",\"connectionId\":\"c1\"}";
        HttpResponse<String> others = post("/", wes, create);
        assertThat(others.statusCode()).isEqualTo(500);
        HttpResponse<String> unknown = post("/", wes, create.replace("c1", "c2"));
        assertThat(others.body().replace("c1", "c2")).isEqualTo(unknown.body());
        assertThat(post("/cancel", wes, "c1").statusCode()).isEqualTo(204);
        assertThat(post("/", wes, "{\"request\":\"closeConnection\",\"connectionId\":\"c1\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.connectionCount()).isEqualTo(1);
        assertThat(post("/", ann, create).statusCode()).isEqualTo(200);
        // nor is the id taken for others
        assertThat(post("/", wes, "{\"request\":\"openConnection\",\"connectionId\":\"c1\",\"info\":{}}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.connectionCount()).isEqualTo(2);
        assertThat(post("/", wes, "{\"request\":\"closeConnection\",\"connectionId\":\"c1\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(post("/", ann, create).statusCode()).isEqualTo(200);
    }

    @Test
    void nobodyLearnsOfConnectionsOfOthersThatHaveExpired() throws Exception {
        server.close();
        server = ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .mostIdle(java.time.Duration.ofMillis(1))
                .access(new ServerAccess(null, users.path(), null, false, null, UserLimits.DEFAULT))
                .start();
        Connection ann = DriverManager.getConnection(server.jdbcUrl(), "ann", UsersFixture.password("ann"));
        String id = ann.unwrap(org.apache.calcite.avatica.AvaticaConnection.class).handle.id;
        Thread.sleep(20);
        server.closeIdleConnections();
        assertThat(server.connectionCount()).isZero();
        String wes = basic("wes", UsersFixture.password("wes"));
        String create = "{\"request\":\"createStatement\",\"connectionId\":\"%s\"}";
        HttpResponse<String> expired = post("/", wes, String.format(java.util.Locale.ROOT, create, id));
        HttpResponse<String> unknown = post("/", wes, String.format(java.util.Locale.ROOT, create, "other"));
        assertThat(expired.body().replace(id, "other")).isEqualTo(unknown.body());
        assertState("57P05", () -> ann.createStatement().executeQuery("SELECT 1"));
        ann.close();
    }

    @Test
    void idsThatCouldForgeLogsAreRefusedAndNotRepeated() throws Exception {
        String ann = basic("ann", UsersFixture.password("ann"));
        for (String id : List.of("a\\nWARN forged", "x".repeat(65), "", "a b", "\u202e")) {
            String open = "{\"request\":\"openConnection\",\"connectionId\":\"" + id + "\",\"info\":{}}";
            assertThat(post("/", ann, open).statusCode()).as(id).isEqualTo(500);
            HttpResponse<String> create =
                    post("/", ann, "{\"request\":\"createStatement\",\"connectionId\":\"" + id + "\"}");
            assertThat(create.statusCode()).as(id).isEqualTo(500);
            if (!id.isEmpty()) {
                assertThat(create.body()).as(id).doesNotContain(id);
            }
        }
        assertThat(server.connectionCount()).isZero();
    }

    @Test
    void aChangeOfTheFileReachesThoseWhoAreIn() throws Exception {
        try (Connection ann = connect("ann");
                PreparedStatement select = ann.prepareStatement("SELECT count(*) FROM quotes")) {
            select.executeQuery().close();
            users.put("ann", AccessRights.of(UserRole.READER, Map.of("trades", TableRight.READ)));
            assertState("42501", select::executeQuery);
            assertThat(one(ann, "SELECT count(*) FROM trades")).isEqualTo(3L);

            Files.writeString(users.path(), "{"); // an editor's accident
            assertThat(one(ann, "SELECT count(*) FROM trades")).isEqualTo(3L);

            users.remove("ann");
            assertState("28000", () -> one(ann, "SELECT count(*) FROM trades"));
            assertState("28000", () -> connect("ann"));
            users.put("ann", AccessRights.ofRole(UserRole.READER));
            assertThat(one(ann, "SELECT count(*) FROM quotes")).isEqualTo(2L);
        }
    }

    @Test
    void connectionsOfARemovedUserAreClosed() throws Exception {
        Connection ann = connect("ann");
        Connection wes = connect("wes");
        assertThat(server.connectionCount()).isEqualTo(2);
        server.closeIdleConnections();
        assertThat(server.connectionCount()).isEqualTo(2);
        HttpResponse<String> unknown = post(
                "/",
                basic("wes", UsersFixture.password("wes")),
                "{\"request\":\"createStatement\",\"connectionId\":\"nonsense\"}");
        assertThat(unknown.body()).contains("\"sqlState\":\"08003\"", "the server does not know this connection");
        users.remove("ann");
        server.closeIdleConnections();
        assertThat(server.connectionCount()).isEqualTo(1);
        assertThat(one(wes, "SELECT 1")).isEqualTo(1);
        wes.close();
        assertState("28000", () -> one(ann, "SELECT 1"));
    }

    @Test
    void whoGivesNoNameIsAnonymousWhereThatIsAllowed() throws Exception {
        server.close();
        server = start(UserRole.READER, UserLimits.DEFAULT);
        try (Connection none = DriverManager.getConnection(server.jdbcUrl())) {
            assertThat(one(none, "SELECT 1")).isEqualTo(1);
            assertThatThrownBy(() -> none.createStatement().execute("CREATE TABLE x (a INTEGER)"))
                    .hasMessageContaining("user 'anonymous' may not create table 'x'");
        }
        try (Connection root = connect("root")) {
            root.createStatement().execute("CREATE TABLE x (a INTEGER)");
        }
        assertState("28000", () -> connect("root", "wrong"));
    }

    @Test
    void thousandsOfWrongPasswordsLeaveTheOthersAlone() throws Exception {
        // unknown names cost the same: enough that 2,000 of them would take minutes
        users.put("root", AccessRights.ofRole(UserRole.ADMIN), UserLimits.NONE, PasswordHash.ROUNDS / 6);
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger later = new AtomicInteger();
        ExecutorService crowd = Executors.newFixedThreadPool(4);
        connect("wes").close();
        long begun = System.nanoTime();
        try (Connection ann = connect("ann")) {
            List<Future<?>> attackers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int number = i;
                attackers.add(crowd.submit(() -> {
                    for (int n = 0; n < 500; n++) {
                        // one half tries one name, the other half always another one
                        String name = number < 2 ? "root" : "name" + number + "_" + n;
                        int status = post("/cancel", basic(name, "guess " + number + " " + n), "x")
                                .statusCode();
                        (status == 401 ? refused : later).incrementAndGet();
                        assertThat(status).isIn(401, 429);
                    }
                    return null;
                }));
            }
            int answered = 0;
            while (attackers.stream().anyMatch(each -> !each.isDone())) {
                assertThat(one(ann, "SELECT count(*) FROM quotes")).isEqualTo(2L);
                answered++;
            }
            for (Future<?> attacker : attackers) {
                attacker.get();
            }
            assertThat(answered).isGreaterThan(5);
        } finally {
            crowd.shutdownNow();
        }
        assertThat(refused.get() + later.get()).isEqualTo(2_000);
        // the later, the more of them have waited for long enough: one address at most once in half a second, and four
        // try at once
        long halfSeconds = 2 * TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
        assertThat((long) refused.get()).as("passwords that were hashed").isLessThan(100 + 4 * halfSeconds);
        // who has been here before comes in, from the same address and with a connection that is new
        connect("wes").close();
        users.put("wes", AccessRights.ofRole(UserRole.READER)); // nothing is remembered of the password
        connect("wes").close();
    }

    @Test
    void whoHasToComeAgainIsNotToldThatThePasswordIsWrong() throws Exception {
        HttpResponse<String> answer;
        int attempts = 0;
        do { // who takes his time has waited for long enough when he comes with the right one, at first for half a
            // second
            assertThat(++attempts).isLessThan(10);
            assertThat(stateAfterManyWrong(() -> connect("wes", "wrong"))).isEqualTo("53300");
            answer = post("/cancel", basic("wes", UsersFixture.password("wes")), "x");
        } while (answer.statusCode() == 204);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 31L);
        for (String serialization : List.of("protobuf", "json")) {
            assertThat(stateAfterManyWrong(() -> {
                        try (Connection wrong = stock(serialization, "wes", "wrong")) {
                            one(wrong, "SELECT 1");
                        }
                    }))
                    .as(serialization)
                    .isEqualTo("53300");
        }
    }

    private static String stateAfterManyWrong(org.assertj.core.api.ThrowableAssert.ThrowingCallable login) {
        String state = "28000";
        for (int n = 0; n < 20 && state.equals("28000"); n++) {
            state = stateOf(org.assertj.core.api.Assertions.catchThrowable(login));
        }
        return state;
    }

    /** Begins a statement that other writers wait for until it is released: they run, and take no processor from anybody. */
    private Future<Long> holdWriters(Session writer, ExecutorService crowd, CountDownLatch released) throws Exception {
        writer.update("CREATE TABLE quotes (symbol SYMBOL, bid DOUBLE)");
        Path rows = Files.writeString(folder.resolve("rows.csv"), "symbol,bid\nA,1\n");
        CountDownLatch holds = new CountDownLatch(1);
        writer.setProgressListener((done, total) -> {
            holds.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Future<Long> copy = crowd.submit(() -> writer.update("COPY quotes FROM '" + rows + "'"));
        holds.await();
        return copy;
    }

    private void awaitMetric(String line) throws Exception {
        while (!post("/metrics", basic("ann", UsersFixture.password("ann")), null)
                .body()
                .contains("\n" + line + "\n")) {
            Thread.sleep(5);
        }
    }

    @Test
    void aUserKeepsNoThreadsFromTheOthers() throws Exception {
        server.close();
        ExecutorService crowd = Executors.newCachedThreadPool();
        CountDownLatch released = new CountDownLatch(1);
        try (Database database = Engine.open(Map.of());
                Session writer = database.openSession()) {
            server = ZeptoServer.builder()
                    .database(database)
                    .port(0)
                    .statementThreads(4)
                    .access(new ServerAccess(null, users.path(), null, false, null, UserLimits.DEFAULT))
                    .start();
            Future<Long> writing = holdWriters(writer, crowd, released);
            List<Connection> greedy = new ArrayList<>();
            try (Connection ann = connect("ann")) {
                for (int i = 0; i < 6; i++) {
                    greedy.add(connect("wes"));
                }
                List<Future<?>> runs = new ArrayList<>();
                for (Connection connection : greedy) {
                    runs.add(crowd.submit(
                            () -> connection.createStatement().executeUpdate("INSERT INTO quotes VALUES ('G', 1)")));
                }
                awaitMetric("zepto_requests_waiting 3.0");
                for (int i = 0; i < 20; i++) {
                    assertThat(one(ann, "SELECT count(*) FROM quotes")).isEqualTo(0L);
                }
                assertThat(runs).noneMatch(Future::isDone);
                for (Connection connection : greedy) {
                    connection.abort(Runnable::run);
                }
                for (Future<?> run : runs) {
                    assertThatThrownBy(run::get).hasCauseInstanceOf(SQLException.class);
                }
                awaitMetric("zepto_requests_running 0.0");
            } finally {
                released.countDown();
            }
            assertThat(writing.get()).isEqualTo(1);
            server.close();
        } finally {
            crowd.shutdownNow();
        }
    }

    @Test
    void usersHaveLimits() throws Exception {
        users.put(
                "ann",
                AccessRights.ofRole(UserRole.READER),
                new UserLimits(2, 3, Map.of("max_result_rows", "2")),
                null);
        try (Connection one = connect("ann");
                Connection two = connect("ann")) {
            assertState("53300", () -> connect("ann"));
            connect("wes").close();
            assertState("54000", () -> {
                try (Statement statement = one.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT * FROM trades")) {
                    while (rows.next()) {
                        rows.getString(1);
                    }
                }
            });
            assertState("42501", () -> one.createStatement().execute("SET max_result_rows = 100"));
        }
        connect("ann").close();
        try (Connection connection = connect("ann")) {
            List<PreparedStatement> open = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                open.add(connection.prepareStatement("SELECT " + i));
            }
            assertState("53300", () -> connection.prepareStatement("SELECT 4").executeQuery());
            open.get(0).close();
            connection.prepareStatement("SELECT 4").executeQuery().close();
        }
    }

    @Test
    void aServerThatOthersCanReachSaysWhoMayComeIn() throws IOException {
        Path file = users.path();
        assertThatThrownBy(() -> new ServerAccess("0.0.0.0", null, null, false, null, UserLimits.DEFAULT).check())
                .hasMessageContaining("--users FILE")
                .hasMessageContaining("--anonymous ROLE");
        assertThatThrownBy(() -> new ServerAccess("0.0.0.0", file, null, false, null, UserLimits.DEFAULT).check())
                .hasMessageContaining("--tls-cert and --tls-key, or --insecure");
        new ServerAccess("0.0.0.0", file, null, true, null, UserLimits.DEFAULT).check();
        for (String all : List.of("0.0.0.0", "::")) {
            assertThat(new ServerAccess(all, file, null, true, null, UserLimits.DEFAULT).nameForClients())
                    .as("nobody can connect to all addresses")
                    .doesNotContain(all)
                    .isNotEmpty();
        }
        assertThat(new ServerAccess("127.0.0.1", file, null, true, null, UserLimits.DEFAULT).nameForClients())
                .isEqualTo("127.0.0.1");
        new ServerAccess("0.0.0.0", null, UserRole.READER, true, null, UserLimits.DEFAULT).check();
        new ServerAccess("127.0.0.1", null, null, false, null, UserLimits.DEFAULT).check();
        ServerAccess.LOCAL.check();
        assertThatThrownBy(() -> ZeptoServer.builder()
                        .url("jdbc:zepto:")
                        .port(0)
                        .access(new ServerAccess("0.0.0.0", null, null, false, null, UserLimits.DEFAULT))
                        .start())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
