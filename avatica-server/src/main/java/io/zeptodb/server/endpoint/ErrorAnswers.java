package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.meta.BatchCounts;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.wire.WireMessages;
import java.io.IOException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.apache.calcite.avatica.NoSuchStatementException;
import org.apache.calcite.avatica.remote.AvaticaRuntimeException;
import org.apache.calcite.avatica.remote.Service.ErrorResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what went wrong in the form that Avatica sends: message and SQLSTATE, and nothing of the server's inside. */
final class ErrorAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);
    private static final StackTraceElement[] NO_TRACE = {};
    private static final String BAD_REQUEST = SqlErrors.PROTOCOL_VIOLATION;

    private static final String UNKNOWN_CONNECTION =
            "the server does not know this connection: it was started anew, or closed the connection long ago; open"
                    + " another one";

    private ErrorAnswers() {}

    /** An error in the form of an exception that {@link #of} knows. */
    static Exception ofError(Error cause) {
        return ofMachine(cause);
    }

    static Exception of(Exception cause) {
        Exception failure = ofMachine(cause);
        if (failure instanceof ExpiredConnectionException expired) {
            return answer(
                    expired.text(), ErrorResponse.MISSING_CONNECTION_ERROR_CODE, ErrorCode.IDLE_TIMEOUT.sqlState());
        } else if (failure instanceof NoSuchConnectionException) {
            // by this code Avatica's clients know what it is, and by it alone
            return answer(UNKNOWN_CONNECTION, ErrorResponse.MISSING_CONNECTION_ERROR_CODE, ErrorCode.CLOSED.sqlState());
        } else if (failure instanceof AvaticaRuntimeException known) {
            return answer(String.valueOf(known.getErrorMessage()), known.getErrorCode(), known.getSqlState());
        } else if (failure instanceof NoSuchStatementException) {
            return answer("the statement is closed", 0, ErrorCode.STATEMENT_CLOSED.sqlState());
        }
        if (failure instanceof EngineException engine) {
            if (engine.code() == ErrorCode.INTERNAL_ERROR) {
                LOG.error("a request failed", engine);
            }
            AvaticaRuntimeException answer =
                    answer(PublicText.of(engine), SqlErrors.vendorCode(engine.code()), engine.sqlState());
            if (engine.updateCounts().length > 0) {
                answer.initCause(new BatchCounts(engine.updateCounts()));
            }
            return answer;
        }
        if (failure instanceof IOException) {
            LOG.debug("a request cannot be read", failure);
            return answer("the request is not one of the protocol", 0, BAD_REQUEST);
        }
        LOG.error("a request failed", failure);
        return answer("the server failed; its log tells more", 0, ErrorCode.INTERNAL_ERROR.sqlState());
    }

    /** Errors of the client's request that the machine finds: no defects, and no reason for the server to end. */
    private static Exception ofMachine(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            LOG.warn("a request needs more heap than there is: {}", failure.getMessage());
            LOG.debug("where the heap was full", failure);
            return new EngineException(
                    ErrorCode.OUT_OF_MEMORY,
                    "the server's heap of " + Runtime.getRuntime().maxMemory()
                            + " bytes has no memory left for this request: send or fetch fewer rows at once, choose fewer"
                            + " or shorter values, or start the server with a larger heap (-Xmx)",
                    failure);
        } else if (failure instanceof StackOverflowError) {
            LOG.debug("a request is nested too deeply", failure);
            return new EngineException(
                    ErrorCode.STATEMENT_TOO_COMPLEX,
                    "the request is nested too deeply for the server's stack: ask for it in several steps, or start the"
                            + " server with a larger stack (-Xss)",
                    failure);
        } else if (!(failure instanceof OutOfMemoryException)) {
            return failure instanceof Exception known ? known : new IllegalStateException(failure);
        }
        LOG.debug("a request needs more memory than there is: {}", failure.getMessage());
        return new EngineException(
                ErrorCode.OUT_OF_MEMORY,
                "the server has no memory left for this request: its memory_limit is reached; send fewer rows at once,"
                        + " fetch fewer, or raise the limit",
                failure);
    }

    /** As {@link #of}, for our own protocol. */
    static WireMessages.Failure ofOurs(Throwable cause) {
        Exception failure = ofMachine(cause);
        if (failure instanceof ExpiredConnectionException expired) {
            return WireMessages.Failure.of(
                    ErrorCode.IDLE_TIMEOUT.sqlState(), ErrorCode.IDLE_TIMEOUT.name(), expired.text(), true);
        } else if (failure instanceof NoSuchConnectionException) {
            return WireMessages.Failure.of(
                    ErrorCode.CLOSED.sqlState(), ErrorCode.CLOSED.name(), UNKNOWN_CONNECTION, true);
        }
        Exception known = of(failure);
        if (failure instanceof EngineException engine) {
            long[] counts = engine.updateCounts();
            return new WireMessages.Failure(
                    engine.sqlState(),
                    engine.code().name(),
                    PublicText.of(engine),
                    false,
                    counts.length == 0 ? null : counts);
        }
        return known instanceof AvaticaRuntimeException answer
                ? WireMessages.Failure.of(answer.getSqlState(), null, answer.getErrorMessage(), false)
                : WireMessages.Failure.of(ErrorCode.INTERNAL_ERROR.sqlState(), null, "the server failed", false);
    }

    /** A message that this server does not know: its client is a newer one, or should use Avatica's protocol. */
    static WireMessages.Failure ofUnknownPath() {
        return WireMessages.Failure.of(
                ErrorCode.FEATURE_NOT_SUPPORTED.sqlState(),
                ErrorCode.FEATURE_NOT_SUPPORTED.name(),
                "this server does not know the message: its release is an older one; use what both know",
                false);
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
