package io.zeptodb.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.jdbc.meta.Expected;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.JsonService;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.TypedValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What requests are about is read from what Avatica's own clients send. */
class RequestTargetTest {
    private static final String ID = "c-1";

    private static void check(Service.Request request, RequestTarget expected) throws Exception {
        assertThat(RequestTarget.of("/", new ProtobufTranslationImpl().serializeRequest(request)))
                .as("protobuf %s", request.getClass())
                .isEqualTo(expected);
        assertThat(RequestTarget.of("/", JsonService.MAPPER.writeValueAsBytes(request)))
                .as("json %s", request.getClass())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 70_000})
    void avaticasMessagesOfStatements(int id) throws Exception {
        RequestTarget statement = RequestTarget.of(ID, id);
        Meta.StatementHandle handle = new Meta.StatementHandle(ID, id, null);
        List<TypedValue> values = List.of(TypedValue.ofLocal(org.apache.calcite.avatica.ColumnMetaData.Rep.LONG, 7L));
        check(new Service.PrepareAndExecuteRequest(ID, id, "SELECT '{\"statementId\":3}'", -1), statement);
        check(new Service.ExecuteRequest(handle, values, 100), statement);
        check(new Service.FetchRequest(ID, id, 5, 100), statement);
        check(new Service.ExecuteBatchRequest(ID, id, List.of(values, values)), statement);
        check(new Service.PrepareAndExecuteBatchRequest(ID, id, List.of("a", "b")), statement);
        check(new Service.CloseStatementRequest(ID, id), new RequestTarget(ID, id, true, 0));
    }

    @Test
    void avaticasMessagesOfConnections() throws Exception {
        RequestTarget connection = RequestTarget.of(ID, RequestTarget.NO_STATEMENT);
        check(new Service.PrepareRequest(ID, "SELECT 1", 8), connection);
        check(new Service.CreateStatementRequest(ID), connection);
        check(new Service.CommitRequest(ID), connection);
        check(new Service.OpenConnectionRequest(ID, Map.of("statementId", "5")), connection);
        check(new Service.CloseConnectionRequest(ID), new RequestTarget(ID, RequestTarget.NO_STATEMENT, true, 0));
    }

    @Test
    void ours() {
        WireMessages.Execute execute = new WireMessages.Execute(
                ID, 42, "SELECT 1", Expected.ROWS, 0, 500, 0, WireMessages.Compression.NONE, 7);
        assertThat(RequestTarget.of(WireProtocol.EXECUTE, WireBytes.ofHead(execute)))
                .isEqualTo(new RequestTarget(ID, 42, false, 500, 7));
        assertThat(RequestTarget.of(
                        WireProtocol.BATCH, WireBytes.of(new WireMessages.Batch(ID, 42, 9, 8), new byte[] {1, 2, 3})))
                .isEqualTo(new RequestTarget(ID, 42, false, 9, 8));
        assertThat(RequestTarget.of(WireProtocol.FETCH, WireBytes.ofHead(new WireMessages.Fetch(ID, 42, 1, 1, 0, 6))))
                .isEqualTo(new RequestTarget(ID, 42, false, 0, 6));
        // of a driver from before it told the run
        assertThat(RequestTarget.of(WireProtocol.FETCH, WireBytes.ofHead(new OlderFetch(ID, 42, 1, 1, 0))))
                .isEqualTo(RequestTarget.of(ID, 42));
    }

    private record OlderFetch(String connection, int statement, long result, long piece, int fetchRows) {}

    @Test
    void whatCannotBeReadIsAboutNothing() {
        byte[][] bodies = {
            {},
            {0x0A},
            {0x0A, 100, 1},
            {0x0A, 1, 65, 0x12, (byte) 0xFF, (byte) 0xFF},
            {'{'},
            "[[[[".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            {1, 2}
        };
        for (byte[] body : bodies) {
            for (String path : List.of("/", WireProtocol.EXECUTE, WireProtocol.BATCH, WireProtocol.OPEN, "/other")) {
                assertThat(RequestTarget.of(path, body)).isEqualTo(RequestTarget.UNKNOWN);
            }
        }
    }

    @Test
    void closingIsNoWork() {
        assertThat(RequestTarget.of(ID, 42).isWorkOf(ID, 42)).isTrue();
        assertThat(RequestTarget.of(ID, 42).isWorkOf(ID, RequestTarget.NO_STATEMENT))
                .isTrue();
        assertThat(RequestTarget.of(ID, 42).isWorkOf(ID, 43)).isFalse();
        assertThat(RequestTarget.of(ID, 42).isWorkOf("c-2", 42)).isFalse();
        assertThat(new RequestTarget(ID, 42, true, 0).isWorkOf(ID, 42)).isFalse();
        assertThat(RequestTarget.UNKNOWN.isWorkOf("c-2", 42)).isFalse();
        RequestTarget second = RequestTarget.ofRun(ID, 42, 0, 2);
        assertThat(second.isBehind(1)).isTrue();
        assertThat(second.isBehind(2)).isFalse();
        assertThat(second.isBehind(3)).isFalse();
        assertThat(second.isBehind(0)).isFalse();
        assertThat(RequestTarget.of(ID, 42).isBehind(1)).isFalse();
    }
}
