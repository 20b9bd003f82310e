package io.zeptodb.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.jdbc.meta.StatementListener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error of the machine in the middle of a request is an answer in the protocol of its client, and the server and the connection go on. */
@Timeout(120)
class ErrorsTest {
    private EndpointFixture endpoint;

    @BeforeEach
    void start() throws Exception {
        endpoint = new EndpointFixture(ErrorsTest::ended, ClientPatience.DEFAULT);
    }

    @AfterEach
    void stop() throws Exception {
        endpoint.close();
    }

    private static void ended(StatementListener.Run run) {
        if (run.sql().contains("heap")) {
            throw new OutOfMemoryError("thrown by a test");
        } else if (run.sql().contains("stack")) {
            throw new StackOverflowError("thrown by a test");
        } else if (run.sql().contains("defect")) {
            throw new AssertionError("thrown by a test");
        }
    }

    private Connection connect(String protocol) throws SQLException {
        String address = "localhost:" + endpoint.port() + "/";
        return DriverManager.getConnection(
                protocol.equals("ours")
                        ? "jdbc:zepto://" + address
                        : "jdbc:avatica:remote:url=http://" + address + ";serialization=" + protocol);
    }

    @ParameterizedTest
    @CsvSource({
        "ours, heap, 53200, -Xmx",
        "ours, stack, 54001, -Xss",
        "ours, defect, XX000, its log tells more",
        "protobuf, heap, 53200, -Xmx",
        "protobuf, stack, 54001, -Xss",
        "protobuf, defect, XX000, its log tells more",
        "json, heap, 53200, -Xmx",
        "json, stack, 54001, -Xss",
        "json, defect, XX000, its log tells more"
    })
    void anErrorIsAnAnswer(String protocol, String kind, String state, String remedy) throws SQLException {
        try (Connection connection = connect(protocol);
                Statement statement = connection.createStatement()) {
            for (String sql : new String[] {"SELECT 1 AS " + kind, "CREATE TABLE " + kind + " (x BIGINT)"}) {
                assertThatThrownBy(() -> statement.execute(sql))
                        .as(sql)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                failure -> assertThat(failure.getSQLState()).isEqualTo(state))
                        .hasMessageContaining(remedy)
                        .message()
                        .doesNotContain("thrown by a test", "io.zeptodb");
            }
            try (ResultSet rows = statement.executeQuery("SELECT 2 AS good")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(2);
            }
        }
    }

    /** None of them is an error of the server's, which would fill its log. */
    @Test
    void whatIsNoMessageIsTheClientsMistake() throws Exception {
        String[] bodies = {"\n\5wrong", "\n\5wrong\22\3abc", "\n", "{", "x"};
        for (String body : bodies) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + endpoint.port() + "/"))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).as(body).contains("08P01", "not one of the protocol");
        }
    }
}
