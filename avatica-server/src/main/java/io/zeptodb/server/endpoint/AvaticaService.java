package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.jdbc.meta.WireFormat;
import io.zeptodb.server.answer.AvaticaForm;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.calcite.avatica.metrics.noop.NoopMetricsSystem;
import org.apache.calcite.avatica.remote.AbstractHandler;
import org.apache.calcite.avatica.remote.Handler.HandlerResponse;
import org.apache.calcite.avatica.remote.JsonHandler;
import org.apache.calcite.avatica.remote.LocalService;
import org.apache.calcite.avatica.remote.ProtobufHandler;
import org.apache.calcite.avatica.remote.Service.RpcMetadataResponse;

/** Answers Avatica's messages in the form in which they come, through Avatica's own handlers. Thread-safe; requests of one connection wait for each other. */
final class AvaticaService {
    private static final Function<byte[], byte[]> PROTOBUF_BYTES = bytes -> bytes;
    private static final Function<String, byte[]> JSON_BYTES = text -> text.getBytes(StandardCharsets.UTF_8);

    private final LocalService protobufService;
    private final LocalService jsonService;
    private final ProtobufHandler protobuf;
    private final JsonHandler json;

    AvaticaService(ServedConnections connections) {
        this.protobufService = new LocalService(connections.meta(WireFormat.PROTOBUF));
        this.jsonService = new LocalService(connections.meta(WireFormat.JSON));
        this.protobuf =
                new ProtobufHandler(protobufService, new CheckedTranslation(), NoopMetricsSystem.getInstance()) {
                    @Override
                    public HandlerResponse<byte[]> convertToErrorResponse(Exception e) {
                        return super.convertToErrorResponse(ErrorAnswers.of(e));
                    }
                };
        this.json = new JsonHandler(jsonService, NoopMetricsSystem.getInstance()) {
            @Override
            public HandlerResponse<String> convertToErrorResponse(Exception e) {
                return super.convertToErrorResponse(ErrorAnswers.of(e));
            }
        };
    }

    /** Host and port, for clients that ask who answered; before the first request. */
    void tellAddress(String address) {
        RpcMetadataResponse server = new RpcMetadataResponse(address);
        protobufService.setRpcMetadata(server);
        jsonService.setRpcMetadata(server);
        protobuf.setRpcMetadata(server);
        json.setRpcMetadata(server);
    }

    /**
     * What is sent back.
     *
     * @param status of HTTP
     * @param taken of the user's room for answers, until it is sent
     */
    record Answer(int status, AvaticaForm form, byte[] body, long taken) {}

    /**
     * Answers a message, a failure included.
     *
     * @param room for the answer, of who asks
     */
    Answer answer(byte[] message, AnswerRoom.Share room) {
        AvaticaForm form = AvaticaForm.of(message);
        return form == AvaticaForm.PROTOBUF
                ? answer(protobuf, form, message, PROTOBUF_BYTES, room)
                : answer(json, form, new String(message, StandardCharsets.UTF_8), JSON_BYTES, room);
    }

    private static <T> Answer answer(
            AbstractHandler<T> handler, AvaticaForm form, T message, Function<T, byte[]> bytes, AnswerRoom.Share room) {
        HandlerResponse<T> answer = answered(handler, message);
        byte[] body = bytes.apply(answer.getResponse());
        try {
            room.take(body.length);
            return new Answer(answer.getStatusCode(), form, body, body.length);
        } catch (EngineException e) {
            return refusal(handler, form, e, bytes);
        }
    }

    /** Avatica's handlers tell exceptions to their clients, but no errors. */
    private static <T> HandlerResponse<T> answered(AbstractHandler<T> handler, T request) {
        try {
            return handler.apply(request);
        } catch (Error e) {
            return handler.convertToErrorResponse(ErrorAnswers.ofError(e));
        }
    }

    /** Says why a message is not answered. */
    Answer refusal(byte[] message, EngineException why) {
        AvaticaForm form = AvaticaForm.of(message);
        return form == AvaticaForm.PROTOBUF
                ? refusal(protobuf, form, why, PROTOBUF_BYTES)
                : refusal(json, form, why, JSON_BYTES);
    }

    private static <T> Answer refusal(
            AbstractHandler<T> handler, AvaticaForm form, EngineException why, Function<T, byte[]> bytes) {
        HandlerResponse<T> answer = handler.convertToErrorResponse(why);
        return new Answer(answer.getStatusCode(), form, bytes.apply(answer.getResponse()), 0);
    }
}
