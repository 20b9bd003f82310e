package io.zeptodb.server.endpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import io.zeptodb.server.answer.AvaticaForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * What a request is about, found out without reading the rest of it: a request that waits can be told from others by it. Immutable.
 *
 * @param connection its id; empty when it names none
 * @param statement its id, or {@link #NO_STATEMENT}
 * @param closes whether it ends what it names: nobody wants such a request to be cancelled
 * @param timeoutNanos after which nobody waits for its answer; 0 for never
 * @param run its number among the runs of the statement; 0 when its client does not count them
 */
record RequestTarget(String connection, int statement, boolean closes, long timeoutNanos, long run) {
    static final int NO_STATEMENT = -1;
    static final RequestTarget UNKNOWN = new RequestTarget("", NO_STATEMENT, false, 0);

    private static final Set<String> CLOSING = Set.of("closeStatement", "closeConnection");
    private static final Set<String> CLOSING_MESSAGES = Set.of("CloseStatementRequest", "CloseConnectionRequest");
    /** Its fields are one deeper, in a handle. */
    private static final String EXECUTE_MESSAGE = "ExecuteRequest";

    private static final String PREPARE_AND_EXECUTE_MESSAGE = "PrepareAndExecuteRequest";
    private static final String HANDLE = "StatementHandle";
    /** A statement of the number 0 is not written down in them. */
    private static final Set<String> WITH_STATEMENT = Set.of(
            PREPARE_AND_EXECUTE_MESSAGE,
            HANDLE,
            "FetchRequest",
            "ExecuteBatchRequest",
            "PrepareAndExecuteBatchRequest",
            "CloseStatementRequest");

    private static final JsonFactory JSON = new JsonFactory();

    RequestTarget(String connection, int statement, boolean closes, long timeoutNanos) {
        this(connection, statement, closes, timeoutNanos, 0);
    }

    /** Of a run. A time-out that is negative is refused where it is used. */
    static RequestTarget ofRun(String connection, int statement, long timeoutNanos, long run) {
        return new RequestTarget(connection, statement, false, Math.max(0, timeoutNanos), run);
    }

    static RequestTarget of(String connection, int statement) {
        return new RequestTarget(connection, statement, false, 0);
    }

    /** Of a piece of a run's result. */
    static RequestTarget of(WireMessages.Fetch fetch) {
        return ofRun(fetch.connection(), fetch.statement(), 0, fetch.run());
    }

    /** Of a request that has arrived. One that cannot be read is about nothing: what is wrong with it is found when its turn comes. */
    static RequestTarget of(String path, byte[] body) {
        try {
            if (path.startsWith(WireProtocol.PREFIX)) {
                return ofOurs(path, WireBytes.read(body));
            }
            return AvaticaForm.of(body) == AvaticaForm.PROTOBUF ? ofProtobuf(body) : ofJson(body);
        } catch (IOException | RuntimeException e) {
            return UNKNOWN;
        }
    }

    private static RequestTarget ofOurs(String path, WireBytes message) throws IOException {
        switch (path) {
            case WireProtocol.EXECUTE -> {
                WireMessages.Execute head = message.head(WireMessages.Execute.class);
                return ofRun(head.connection(), head.statement(), head.timeoutNanos(), head.run());
            }
            case WireProtocol.BATCH -> {
                WireMessages.Batch head = message.head(WireMessages.Batch.class);
                return ofRun(head.connection(), head.statement(), head.timeoutNanos(), head.run());
            }
            case WireProtocol.FETCH -> {
                WireMessages.Fetch head = message.head(WireMessages.Fetch.class);
                return of(head);
            }
            case WireProtocol.DESCRIBE -> {
                WireMessages.Describe head = message.head(WireMessages.Describe.class);
                return of(head.connection(), head.statement());
            }
            default -> {
                return UNKNOWN;
            }
        }
    }

    /** The name of a message, then the message, whose first fields are ids; rows and texts are skipped. */
    private static RequestTarget ofProtobuf(byte[] body) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(body);
        String name = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> name = in.readString();
                case 2 -> {
                    String message = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
                    in.pushLimit(in.readRawVarint32());
                    return ofMessage(message, in);
                }
                default -> in.skipField(tag);
            }
        }
        return UNKNOWN;
    }

    private static RequestTarget ofMessage(String message, CodedInputStream in) throws IOException {
        int statementField = message.equals(PREPARE_AND_EXECUTE_MESSAGE) ? 4 : 2;
        boolean hasStatement = WITH_STATEMENT.contains(message);
        String connection = "";
        int statement = hasStatement ? 0 : NO_STATEMENT;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            if (field == 1 && message.equals(EXECUTE_MESSAGE)) {
                in.pushLimit(in.readRawVarint32());
                return ofMessage(HANDLE, in);
            } else if (field == 1 && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                connection = in.readString();
            } else if (hasStatement
                    && field == statementField
                    && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
                statement = in.readInt32();
            } else {
                in.skipField(tag);
            }
        }
        return new RequestTarget(connection, statement, CLOSING_MESSAGES.contains(message), 0);
    }

    private static RequestTarget ofJson(byte[] body) throws IOException {
        String connection = "";
        int statement = NO_STATEMENT;
        boolean closes = false;
        try (JsonParser parser = JSON.createParser(new String(body, StandardCharsets.UTF_8))) {
            parser.nextToken();
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_ARRAY
                        || (token == JsonToken.START_OBJECT && !"statementHandle".equals(parser.currentName()))) {
                    parser.skipChildren();
                } else if (token == JsonToken.VALUE_STRING) {
                    switch (parser.currentName()) {
                        case "request" -> closes = CLOSING.contains(parser.getText());
                        case "connectionId" -> connection = parser.getText();
                        default -> {}
                    }
                } else if (token == JsonToken.VALUE_NUMBER_INT
                        && ("statementId".equals(parser.currentName()) || "id".equals(parser.currentName()))) {
                    statement = parser.getIntValue();
                }
                if (!connection.isEmpty() && statement != NO_STATEMENT) {
                    break; // rows may follow
                }
            }
        }
        return new RequestTarget(connection, statement, closes, 0);
    }

    /** Whether it is a run that comes behind this one; 0 for none. */
    boolean isBehind(long ofRun) {
        return ofRun > 0 && run > ofRun;
    }

    /** Whether it is work on this statement of this connection, or on any of it with {@link #NO_STATEMENT}. */
    boolean isWorkOf(String ofConnection, int ofStatement) {
        return !closes && connection.equals(ofConnection) && (ofStatement == NO_STATEMENT || statement == ofStatement);
    }
}
