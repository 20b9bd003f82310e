package io.zeptodb.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.UserRole;
import io.zeptodb.jdbc.meta.Expected;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import io.zeptodb.server.ZeptoServer;
import io.zeptodb.server.endpoint.ClientPatience;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that a user does not read count against the memory that the user may have. */
@Timeout(120)
class UnreadAnswersTest {
    /** More than the sockets of both sides take of an answer that nobody reads. */
    private static final int LENGTH = 7_000_000;

    private static final String LONG_ROW = "SELECT repeat('x', " + LENGTH + ") AS x";
    /** Two of them fit, three do not. */
    private static final UserLimits LIMITS = new UserLimits(0, 0, Map.of("query_memory_limit", "20MB"));

    @TempDir
    private Path folder;

    private final List<Socket> sockets = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private ZeptoServer server;

    @BeforeEach
    void start() throws Exception {
        UsersFixture users = new UsersFixture(folder.resolve("users.json"));
        users.put("eve", AccessRights.ofRole(UserRole.READER), LIMITS, null);
        server = ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .patience(new ClientPatience(Duration.ofMinutes(10), Duration.ofMinutes(10)))
                .access(new ServerAccess(null, users.path(), null, false, null, UserLimits.DEFAULT))
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close(); // fails when a byte is left
    }

    private static String authorization() {
        String pair = "eve:" + UsersFixture.password("eve");
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private String post(String path, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .header("Authorization", authorization())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response::body).isEqualTo(200);
        return response.body();
    }

    /** Asks for the long row, and reads the first line of the answer. */
    private Socket ask(String protocol, String id) throws Exception {
        boolean ours = protocol.equals("ours");
        if (ours) {
            post(WireProtocol.OPEN, WireBytes.ofHead(new WireMessages.Open(id, WireProtocol.VERSIONS, "test", false)));
        } else {
            post("/", json("{\"request\":\"openConnection\",\"connectionId\":\"" + id + "\",\"info\":{}}"));
        }
        String made = post("/", json("{\"request\":\"createStatement\",\"connectionId\":\"" + id + "\"}"));
        int statement = Integer.parseInt(made.replaceAll("(?s).*\"statementId\":(\\d+).*", "$1"));
        byte[] body = ours
                ? WireBytes.ofHead(new WireMessages.Execute(
                        id, statement, LONG_ROW, Expected.ROWS, 0, 0, 0, WireMessages.Compression.NONE, 0))
                : json("{\"request\":\"prepareAndExecute\",\"connectionId\":\"" + id + "\",\"statementId\":" + statement
                        + ",\"sql\":\"" + LONG_ROW + "\",\"maxRowCount\":-1,\"maxRowsInFirstFrame\":-1}");
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("localhost", server.port()));
        socket.getOutputStream()
                .write(("POST " + (ours ? WireProtocol.EXECUTE : "/")
                                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: "
                                + authorization()
                                + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        return socket;
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String firstLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    private int lengthFor(String user) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), user, UsersFixture.password(user));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LONG_ROW)) {
            rows.next();
            return rows.getString(1).length();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours", "json"})
    void theyCountAgainstTheUsersMemory(String protocol) throws Exception {
        assertThat(firstLine(ask(protocol, "one"))).contains("200");
        assertThat(firstLine(ask(protocol, "two"))).contains("200");
        Socket third = ask(protocol, "three");
        String answer = new String(third.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer)
                .startsWith("HTTP/1.1 500")
                .contains("53200", "not read yet", "query_memory_limit")
                .hasSizeLessThan(4_096);
        assertThatThrownBy(() -> lengthFor("eve"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("53200"));
        // others have their own, and what is little has room
        assertThat(lengthFor("wes")).isEqualTo(LENGTH);
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), "eve", UsersFixture.password("eve"));
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeQuery("SELECT 1").next()).isTrue();
        }
        for (Socket socket : sockets) {
            socket.close();
        }
        // what nobody can read any more is free again as soon as the server has noticed it
        for (int length = 0; length != LENGTH; ) {
            try {
                length = lengthFor("eve");
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo("53200");
                Thread.sleep(20);
            }
        }
    }
}
