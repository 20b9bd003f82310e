package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.wire.WireMessages;
import java.io.IOException;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.apache.calcite.avatica.remote.AvaticaRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what went wrong in the form that Avatica sends: message and SQLSTATE, and nothing of the server's inside. */
final class ErrorAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);
    private static final String BAD_REQUEST = "08P01";

    private ErrorAnswers() {}

    static Exception of(Exception failure) {
        if (failure instanceof NoSuchConnectionException || failure instanceof AvaticaRuntimeException) {
            return failure;
        }
        if (failure instanceof EngineException engine) {
            if (engine.code() == ErrorCode.INTERNAL_ERROR) {
                LOG.error("a request failed", engine);
            }
            return answer(SqlErrors.message(engine), SqlErrors.vendorCode(engine.code()), engine.sqlState());
        }
        if (failure instanceof IOException) {
            LOG.debug("a request cannot be read", failure);
            return answer("the request is not one of the protocol", 0, BAD_REQUEST);
        }
        LOG.error("a request failed", failure);
        return answer("the server failed: " + failure + "; its log tells more", 0, ErrorCode.INTERNAL_ERROR.sqlState());
    }

    /** As {@link #of}, for our own protocol. */
    static WireMessages.Failure ofOurs(Exception failure) {
        if (failure instanceof NoSuchConnectionException) {
            return new WireMessages.Failure(
                    ErrorCode.CLOSED.sqlState(),
                    ErrorCode.CLOSED.name(),
                    "the server does not know this connection: it was started anew, or closed the connection long ago;"
                            + " open another one");
        }
        Exception known = of(failure);
        if (failure instanceof EngineException engine) {
            return new WireMessages.Failure(engine.sqlState(), engine.code().name(), SqlErrors.message(engine));
        }
        return known instanceof AvaticaRuntimeException answer
                ? new WireMessages.Failure(answer.getSqlState(), null, answer.getErrorMessage())
                : new WireMessages.Failure(ErrorCode.INTERNAL_ERROR.sqlState(), null, "the server failed");
    }

    private static AvaticaRuntimeException answer(String message, int vendorCode, String sqlState) {
        return new AvaticaRuntimeException(message, vendorCode, sqlState, AvaticaSeverity.ERROR);
    }
}
