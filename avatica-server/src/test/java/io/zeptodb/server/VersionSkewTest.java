package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drivers and servers of other releases understand each other, or say that they do not. */
class VersionSkewTest {
    private static final LocalDateTime EXACT = LocalDateTime.of(2024, 8, 9, 0, 5, 4, 525_000_001);

    private static ZeptoServer server(Integer... versions) throws SQLException, IOException {
        return ZeptoServer.builder()
                .url("jdbc:zepto:")
                .wireVersions(List.of(versions))
                .port(0)
                .start();
    }

    /** Writes and reads back a time; whether the rows came as Arrow. */
    private static boolean usesArrow(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS t (k SYMBOL, ts TIMESTAMP_NS)");
            statement.execute("DELETE FROM t");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
                insert.setString(1, "k");
                insert.setObject(2, EXACT);
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
            try (ResultSet rows = statement.executeQuery("SELECT ts, k FROM t")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getObject(1, LocalDateTime.class)).isEqualTo(EXACT);
                assertThat(rows.getString(2)).isEqualTo("k");
                assertThat(rows.next()).isFalse();
            }
            try (ResultSet rows = statement.executeQuery("SELECT k FROM t")) {
                // rows in frames have no dictionaries
                return rows.unwrap(BatchCursor.class)
                        .schema()
                        .getFields()
                        .get(0)
                        .getType()
                        .getTypeID()
                        .equals(ArrowType.ArrowTypeID.Int);
            }
        }
    }

    @Test
    void thisReleaseWithItself() throws Exception {
        try (ZeptoServer server = server(1)) {
            assertThat(usesArrow(server.jdbcUrl())).isTrue();
        }
    }

    @Test
    void aNewerServerIsSpokenToInTheVersionThatBothHave() throws Exception {
        try (ZeptoServer server = server(1, 2, 3)) {
            assertThat(usesArrow(server.jdbcUrl())).isTrue();
        }
    }

    @Test
    void withoutAVersionInCommonRowsComeInAvaticasFrames() throws Exception {
        try (ZeptoServer newer = server(7);
                ZeptoServer older = server()) {
            assertThat(usesArrow(newer.jdbcUrl())).isFalse();
            assertThat(usesArrow(older.jdbcUrl())).isFalse();
        }
    }

    @Test
    void aDriverThatAsksForRowsGetsThem() throws Exception {
        try (ZeptoServer server = server(1)) {
            assertThat(usesArrow(server.jdbcUrl() + "?result_format=rows")).isFalse();
        }
    }

    @Test
    void theHighestCommonVersionIsTaken() {
        assertThat(WireProtocol.agree(List.of(1, 2, 3), List.of(2, 3, 9))).contains(3);
        assertThat(WireProtocol.agree(List.of(1), List.of(2))).isEmpty();
        assertThat(WireProtocol.agree(List.of(), List.of())).isEmpty();
    }

    @Test
    void fieldsThatAreNotKnownArePassedOver() throws Exception {
        byte[] json = "{\"connection\":\"c\",\"versions\":[1],\"driver\":\"9.9\",\"color\":{\"a\":[1,2]}}"
                .getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[WireBytes.PREFIX_BYTES + json.length];
        bytes[0] = (byte) json.length;
        System.arraycopy(json, 0, bytes, WireBytes.PREFIX_BYTES, json.length);
        assertThat(WireBytes.read(bytes).head(WireMessages.Open.class))
                .isEqualTo(new WireMessages.Open("c", List.of(1), "9.9", false));
    }

    private static HttpResponse<byte[]> post(ZeptoServer server, String path, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                WireProtocol.OPEN,
                WireProtocol.EXECUTE,
                WireProtocol.FETCH,
                WireProtocol.DISCARD,
                WireProtocol.PING
            })
    void whatIsNoMessageIsRefusedWithItsState(String path) throws Exception {
        byte[][] bodies = {
            {},
            {1, 2},
            {-1, -1, -1, 127, 0},
            "{\"connection\":\"x\"}".getBytes(StandardCharsets.UTF_8),
            WireBytes.ofHead(new int[] {1}),
            {4, 0, 0, 0, 'n', 'u', 'l', 'l'}
        };
        try (ZeptoServer server = server(1)) {
            for (byte[] body : bodies) {
                HttpResponse<byte[]> answer = post(server, path, body);
                assertThat(answer.statusCode()).isEqualTo(500);
                WireMessages.Failure failure = WireBytes.read(answer.body()).head(WireMessages.Failure.class);
                assertThat(failure.state()).isEqualTo("08P01");
                assertThat(failure.message()).doesNotContain("java", "io.zeptodb");
            }
            assertThat(post(server, "/zepto/1/nothing", new byte[0]).statusCode())
                    .isEqualTo(404);
            assertThat(usesArrow(server.jdbcUrl())).isTrue();
        }
    }

    @Test
    void pathsOfAProtocolThatIsSwitchedOffAreNotThere() throws Exception {
        try (ZeptoServer server = server()) {
            assertThat(post(server, WireProtocol.OPEN, new byte[0]).statusCode())
                    .isEqualTo(404);
        }
    }

    /** Something that answers every request in the same way. */
    private static HttpServer other(int status, String type, byte[] body) throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", (HttpExchange exchange) -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        other.start();
        return other;
    }

    /** Passes on to a server what is sent to the first path, and answers the rest by itself. */
    private static HttpServer proxy(ZeptoServer server, int status, byte[] answer) throws IOException {
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/zepto/", (HttpExchange exchange) -> answer(exchange, status, answer));
        proxy.createContext("/", (HttpExchange exchange) -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                HttpResponse<byte[]> passed =
                        post(server, exchange.getRequestURI().getPath(), body);
                exchange.sendResponseHeaders(
                        passed.statusCode(), passed.body().length == 0 ? -1 : passed.body().length);
                exchange.getResponseBody().write(passed.body());
            } catch (Exception e) {
                throw new IOException(e);
            } finally {
                exchange.close();
            }
        });
        proxy.start();
        return proxy;
    }

    private static void answer(HttpExchange exchange, int status, byte[] answer) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 500})
    void aProxyThatDoesNotPassOurPathsIsNotTakenForAnOldServer(int status) throws Exception {
        try (ZeptoServer server = server(1)) {
            HttpServer proxy = proxy(server, status, "not here".getBytes(StandardCharsets.UTF_8));
            String url = "jdbc:zepto://localhost:" + proxy.getAddress().getPort() + "/";
            assertThatThrownBy(() -> DriverManager.getConnection(url))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"))
                    .hasMessageContaining("/zepto/open")
                    .hasMessageContaining("got HTTP status " + status)
                    .hasMessageContaining("result_format=rows");
            assertThat(server.connectionCount()).isZero();
            assertThat(usesArrow(url + "?result_format=rows")).isFalse();
            proxy.stop(0);
        }
    }

    /** It takes our message for one of Avatica's, which it cannot read. */
    @Test
    void aServerThatSpeaksOnlyAvaticasProtocolIsSpokenToInThat() throws Exception {
        try (ZeptoServer server = server()) {
            byte[] error = post(server, "/", new byte[] {0x0A, 1, 1}).body();
            HttpServer old = proxy(server, 500, error);
            assertThat(usesArrow("jdbc:zepto://localhost:" + old.getAddress().getPort() + "/"))
                    .isFalse();
            old.stop(0);
        }
    }

    @Test
    void whatIsNoServerOfOursIsSaidToBeNone() throws Exception {
        byte[] page = "<html>a page</html>".getBytes(StandardCharsets.UTF_8);
        byte[] ours = WireBytes.ofHead(new WireMessages.Opened(1, "9", 0, 0, false));
        for (int status : new int[] {200, 302, 400, 401, 403, 404, 405, 413, 418, 429, 500, 502, 503}) {
            HttpServer other = other(status, "text/html", page);
            String url = "jdbc:zepto://localhost:" + other.getAddress().getPort() + "/";
            assertThatThrownBy(() -> DriverManager.getConnection(url))
                    .as("status %d", status)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getSQLState()).isIn("08001", "08P01", "28000", "53300"));
            other.stop(0);
        }
        HttpServer truncating = other(200, WireProtocol.MEDIA_TYPE, java.util.Arrays.copyOf(ours, 7));
        String url = "jdbc:zepto://localhost:" + truncating.getAddress().getPort() + "/";
        assertThatThrownBy(() -> DriverManager.getConnection(url))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08P01"));
        truncating.stop(0);
    }
}
