package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.arrow.BatchStream;
import io.zeptodb.engine.ArrowRuntime;
import io.zeptodb.engine.api.Database;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.channels.Channels;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches of parameters that a server does not take: of strangers, larger than its memory, with values that there are not, longer than its requests. */
class ForeignBatchesTest {
    private static final int MOST_REQUEST_BYTES = 1 << 20;
    private static final int ROWS_BEYOND_MEMORY = 12_000_000;

    private final RootAllocator allocator = new RootAllocator();
    private Connection local;
    private Database database;
    private ZeptoServer server;

    @BeforeEach
    void start() throws SQLException, IOException {
        local = DriverManager.getConnection("jdbc:zepto:?memory_limit=64MB");
        database = local.unwrap(Database.class);
        try (Statement statement = local.createStatement()) {
            statement.execute("CREATE TABLE t (x BIGINT, a TIME(9))");
        }
        server = ZeptoServer.builder()
                .database(database)
                .port(0)
                .mostRequestBytes(MOST_REQUEST_BYTES)
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        local.close(); // fails when a byte is left
        allocator.close();
    }

    private WireBytes send(String path, Object head, byte[] payload) throws IOException {
        byte[] answer = post(path, WireBytes.of(head, payload));
        return WireBytes.read(answer);
    }

    private byte[] post(String path, byte[] body) throws IOException {
        URI uri = URI.create("http://localhost:" + server.port() + path);
        HttpURLConnection http = (HttpURLConnection) uri.toURL().openConnection();
        http.setDoOutput(true);
        http.getOutputStream().write(body);
        boolean failed = http.getResponseCode() != HttpURLConnection.HTTP_OK;
        try (InputStream in = failed ? http.getErrorStream() : http.getInputStream()) {
            return in.readAllBytes();
        }
    }

    /** The id of the statement. */
    private int prepare(String connection, String sql) throws IOException {
        ProtobufTranslationImpl translation = new ProtobufTranslationImpl();
        byte[] answer = post("/", translation.serializeRequest(new Service.PrepareRequest(connection, sql, -1)));
        return ((Service.PrepareResponse) translation.parseResponse(answer)).statement.id;
    }

    private static byte[] stream(FieldVector vector) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BatchStream.write(
                List.of(VectorSchemaRoot.of(vector)),
                null,
                ArrowRuntime.compression().createCodec(CodecType.ZSTD),
                Channels.newChannel(out));
        return out.toByteArray();
    }

    /** Some kilobytes that become more than the database may have. */
    private byte[] bomb() throws IOException {
        try (BigIntVector zeros = new BigIntVector("p1", allocator)) {
            zeros.allocateNew(ROWS_BEYOND_MEMORY);
            zeros.setValueCount(ROWS_BEYOND_MEMORY);
            return stream(zeros);
        }
    }

    private WireMessages.Failure refusal(String connection, int statement, byte[] payload) throws IOException {
        return send(WireProtocol.BATCH, new WireMessages.Batch(connection, statement, 0, 0), payload)
                .head(WireMessages.Failure.class);
    }

    private long stored() throws SQLException {
        try (Statement statement = local.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void aBatchOfAStrangerIsNotUnpacked() throws Exception {
        assertThat(refusal("nobody", 1, bomb()).state()).isEqualTo("08003");
        send(WireProtocol.OPEN, new WireMessages.Open("known", List.of(1), "test", false), new byte[0]);
        assertThat(refusal("known", 77, bomb()).state()).isEqualTo("24000");
    }

    @Test
    void aBatchThatIsMoreThanTheMemoryIsRefused() throws Exception {
        send(WireProtocol.OPEN, new WireMessages.Open("known", List.of(1), "test", false), new byte[0]);
        int statement = prepare("known", "INSERT INTO t (x) VALUES (?)");
        long before = database.allocator().getAllocatedMemory();
        WireMessages.Failure failure = refusal("known", statement, bomb());
        assertThat(failure.state()).isEqualTo("53200");
        assertThat(failure.code()).isEqualTo("OUT_OF_MEMORY");
        assertThat(failure.message()).contains("memory_limit").doesNotContain("llocator");
        assertThat(database.allocator().getAllocatedMemory()).isEqualTo(before);
        assertThat(stored()).isZero();
    }

    @Test
    void aValueThatThereIsNotIsRefused() throws Exception {
        send(WireProtocol.OPEN, new WireMessages.Open("known", List.of(1), "test", false), new byte[0]);
        int statement = prepare("known", "INSERT INTO t (a) VALUES (?)");
        try (TimeNanoVector times = new TimeNanoVector("p1", allocator)) {
            times.allocateNew(2);
            times.set(0, 5);
            times.set(1, -5);
            times.setValueCount(2);
            WireMessages.Failure failure = refusal("known", statement, stream(times));
            assertThat(failure.state()).isEqualTo("22008");
            assertThat(failure.message()).contains("parameter 1 got a TIME of -5 ns, which no day has (row 2)");
        }
        assertThat(stored()).isZero();
    }

    @Test
    void aRequestThatIsTooLongIsNotSent() throws Exception {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                PreparedStatement insert = connection.prepareStatement("INSERT INTO t (x) VALUES (?)");
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < MOST_REQUEST_BYTES / 4; i++) {
                insert.setLong(1, i);
                insert.addBatch();
            }
            assertThatThrownBy(insert::executeBatch).satisfies(ForeignBatchesTest::checkTooLong);
            String text = "SELECT '" + "x".repeat(MOST_REQUEST_BYTES) + "'";
            assertThatThrownBy(() -> statement.executeQuery(text)).satisfies(ForeignBatchesTest::checkTooLong);
            assertThatThrownBy(() -> connection.prepareStatement(text)).satisfies(ForeignBatchesTest::checkTooLong);
            assertThat(connection.isClosed()).isFalse();
            assertThat(stored()).isZero();
            insert.clearBatch();
            for (int i = 0; i < MOST_REQUEST_BYTES / 16; i++) {
                insert.setLong(1, i);
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).hasSize(MOST_REQUEST_BYTES / 16);
        }
    }

    private static void checkTooLong(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(e.getSQLState()).isEqualTo("54000");
            assertThat(e.getMessage())
                    .containsPattern("a request of [0-9]+ bytes is longer than the " + MOST_REQUEST_BYTES)
                    .contains("--max-request");
        });
    }
}
