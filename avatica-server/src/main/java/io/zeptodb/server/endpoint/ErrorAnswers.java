package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.wire.WireMessages;
import java.io.IOException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.apache.calcite.avatica.NoSuchStatementException;
import org.apache.calcite.avatica.remote.AvaticaRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what went wrong in the form that Avatica sends: message and SQLSTATE, and nothing of the server's inside. */
final class ErrorAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);
    private static final StackTraceElement[] NO_TRACE = {};
    private static final String BAD_REQUEST = SqlErrors.PROTOCOL_VIOLATION;

    private ErrorAnswers() {}

    static Exception of(Exception cause) {
        Exception failure = ofMemory(cause);
        if (failure instanceof NoSuchConnectionException) {
            return withoutTrace(failure);
        } else if (failure instanceof AvaticaRuntimeException known) {
            return answer(String.valueOf(known.getErrorMessage()), known.getErrorCode(), known.getSqlState());
        } else if (failure instanceof NoSuchStatementException) {
            return answer("the statement is closed", 0, ErrorCode.STATEMENT_CLOSED.sqlState());
        }
        if (failure instanceof EngineException engine) {
            if (engine.code() == ErrorCode.INTERNAL_ERROR) {
                LOG.error("a request failed", engine);
            }
            return answer(PublicText.of(engine), SqlErrors.vendorCode(engine.code()), engine.sqlState());
        }
        if (failure instanceof IOException) {
            LOG.debug("a request cannot be read", failure);
            return answer("the request is not one of the protocol", 0, BAD_REQUEST);
        }
        LOG.error("a request failed", failure);
        return answer("the server failed; its log tells more", 0, ErrorCode.INTERNAL_ERROR.sqlState());
    }

    /** What Arrow says when the database's memory limit does not allow more: an error of the client's request, no defect. */
    private static Exception ofMemory(Exception failure) {
        if (!(failure instanceof OutOfMemoryException)) {
            return failure;
        }
        LOG.debug("a request needs more memory than there is: {}", failure.getMessage());
        return new EngineException(
                ErrorCode.OUT_OF_MEMORY,
                "the server has no memory left for this request: its memory_limit is reached; send fewer rows at once,"
                        + " fetch fewer, or raise the limit",
                failure);
    }

    /** As {@link #of}, for our own protocol. */
    static WireMessages.Failure ofOurs(Exception cause) {
        Exception failure = ofMemory(cause);
        if (failure instanceof NoSuchConnectionException) {
            return new WireMessages.Failure(
                    ErrorCode.CLOSED.sqlState(),
                    ErrorCode.CLOSED.name(),
                    "the server does not know this connection: it was started anew, or closed the connection long ago;"
                            + " open another one");
        }
        Exception known = of(failure);
        if (failure instanceof EngineException engine) {
            return new WireMessages.Failure(engine.sqlState(), engine.code().name(), PublicText.of(engine));
        }
        return known instanceof AvaticaRuntimeException answer
                ? new WireMessages.Failure(answer.getSqlState(), null, answer.getErrorMessage())
                : new WireMessages.Failure(ErrorCode.INTERNAL_ERROR.sqlState(), null, "the server failed");
    }

    private static AvaticaRuntimeException answer(String message, int vendorCode, String sqlState) {
        return withoutTrace(new AvaticaRuntimeException(message, vendorCode, sqlState, AvaticaSeverity.ERROR));
    }

    /** Avatica sends the stack trace of an error to the client. */
    private static <T extends Exception> T withoutTrace(T failure) {
        failure.setStackTrace(NO_TRACE);
        return failure;
    }
}
