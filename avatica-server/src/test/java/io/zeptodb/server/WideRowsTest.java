package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that are long are sent few at a time, however many a client asks for. */
class WideRowsTest {
    private static final String URL = "jdbc:zepto:mem:wide";
    private static final int ROWS = 240;
    private static final int LENGTH = 250_000;
    /** A few megabytes, a row more, and what a message adds. */
    private static final int MOST_ANSWER = 6 << 20;

    private static Connection inProcess;
    private static ZeptoServer server;

    @BeforeAll
    static void fill() throws SQLException, IOException {
        inProcess = DriverManager.getConnection(URL);
        try (Statement statement = inProcess.createStatement()) {
            statement.execute("CREATE TABLE wide (n BIGINT, v VARCHAR, b VARBINARY)");
        }
        try (PreparedStatement insert = inProcess.prepareStatement("INSERT INTO wide VALUES (?, ?, ?)")) {
            for (int i = 0; i < ROWS; i++) {
                insert.setLong(1, i);
                insert.setString(2, text(i));
                insert.setBytes(3, new byte[] {(byte) i});
                insert.addBatch();
            }
            insert.executeBatch();
        }
        server = ZeptoServer.builder().url(URL).port(0).start();
    }

    @AfterAll
    static void end() throws SQLException, IOException {
        server.close();
        inProcess.close();
    }

    private static String text(int row) {
        return Character.toString('a' + row % 26).repeat(row % 3 == 0 ? LENGTH : 10);
    }

    @ParameterizedTest
    @CsvSource({"protobuf, 0", "protobuf, 100000", "json, 100000"})
    void eachOfThemArrives(String serialization, int fetchSize) throws SQLException {
        String url = "jdbc:avatica:remote:url=http://localhost:" + server.port() + "/;serialization=" + serialization;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.setFetchSize(fetchSize);
            try (ResultSet rows = statement.executeQuery("SELECT n, v, b FROM wide ORDER BY n")) {
                for (int i = 0; i < ROWS; i++) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(1)).isEqualTo(i);
                    assertThat(rows.getString(2)).isEqualTo(text(i));
                    assertThat(rows.getBytes(3)).containsExactly((byte) i);
                }
                assertThat(rows.next()).isFalse();
            }
        }
    }

    @Test
    void noAnswerIsLong() throws Exception {
        ask("{\"request\":\"openConnection\",\"connectionId\":\"wide\",\"info\":{}}");
        String made = ask("{\"request\":\"createStatement\",\"connectionId\":\"wide\"}");
        String id = made.replaceAll("(?s).*\"statementId\":(\\d+).*", "$1");
        String statement = "\"connectionId\":\"wide\",\"statementId\":" + id;
        String answer = ask("{\"request\":\"prepareAndExecute\"," + statement
                + ",\"sql\":\"SELECT v FROM wide\",\"maxRowCount\":-1,\"maxRowsInFirstFrame\":100000}");
        int frames = 1;
        for (int rows = frame(answer); !answer.contains("\"done\":true"); rows += frame(answer)) {
            assertThat(answer.length()).isBetween(LENGTH, MOST_ANSWER);
            answer = ask(
                    "{\"request\":\"fetch\"," + statement + ",\"offset\":" + rows + ",\"fetchMaxRowCount\":100000}");
            frames++;
        }
        assertThat(answer.length()).isLessThan(MOST_ANSWER);
        assertThat(frames).isGreaterThan(ROWS / 3 * LENGTH / MOST_ANSWER);
        ask("{\"request\":\"closeConnection\",\"connectionId\":\"wide\"}");
    }

    /** Rows of a frame: each is a list of one text. */
    private static int frame(String answer) {
        return answer.split("\\[\"([a-z])\\1*\"\\]", -1).length - 1;
    }

    private static String ask(String message) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
                .POST(HttpRequest.BodyPublishers.ofString(message))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode())
                .as(() -> message + ": "
                        + response.body()
                                .substring(0, Math.min(500, response.body().length())))
                .isEqualTo(200);
        return response.body();
    }
}
