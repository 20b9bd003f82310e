package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ErrorText;
import java.io.IOException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.calcite.avatica.AvaticaClientRuntimeException;
import org.apache.calcite.avatica.remote.Service.ErrorResponse;
import org.jspecify.annotations.Nullable;

/**
 * Makes SQLExceptions: the class follows the SQLSTATE as JDBC asks for, the message is the engine's with its place in the SQL text. The
 * vendor code is 0, except {@link #TIMEOUT_VENDOR_CODE}. Stateless and thread-safe.
 */
public final class SqlErrors {
    /** Tells a time-out from a cancellation: both have SQLSTATE 57014. */
    public static final int TIMEOUT_VENDOR_CODE = 57;

    /** The cursor does not stand where the call needs it. */
    public static final String INVALID_CURSOR_STATE = SqlState.INVALID_CURSOR_STATE.code();
    /** A value cannot be read as the type asked for. */
    public static final String RESTRICTED_CONVERSION = SqlState.RESTRICTED_CONVERSION.code();
    /** There is no such column in a result. */
    public static final String UNDEFINED_RESULT_COLUMN = SqlState.UNDEFINED_RESULT_COLUMN.code();
    /** A warning: something else than what was asked for is given. */
    public static final String OPTION_CHANGED = SqlState.OPTION_CHANGED.code();
    /** What was called is against the rules of the interface. */
    public static final String INVALID_CALL = SqlState.INVALID_CALL.code();
    /** No server answers. */
    public static final String CANNOT_CONNECT = SqlState.CANNOT_CONNECT.code();
    /** The other side does not keep to the protocol. */
    public static final String PROTOCOL_VIOLATION = SqlState.PROTOCOL_VIOLATION.code();
    /** The server does not let this user in. */
    public static final String LOGIN_REFUSED = SqlState.LOGIN_REFUSED.code();
    /** The connection to the server is lost. */
    public static final String CONNECTION_FAILURE = SqlState.CONNECTION_FAILURE.code();
    /** The answer of a commit is lost: nobody knows whether the transaction is stored. */
    public static final String RESOLUTION_UNKNOWN = SqlState.RESOLUTION_UNKNOWN.code();

    private static final String CLIENT_PREFIX = "Remote driver error: ";
    private static final String AVATICA_PREFIX = "AvaticaRuntimeException: ";

    private SqlErrors() {}

    /** An exception of the class that belongs to the state. */
    public static SQLException of(String state, String message) {
        return of(state, 0, message, null);
    }

    /** An exception of the class that belongs to the state. */
    public static SQLException of(String state, int vendorCode, String text, @Nullable Throwable cause) {
        String message = ErrorText.shortened(text);
        return switch (state.substring(0, 2)) {
            case "0A" -> new SQLFeatureNotSupportedException(message, state, vendorCode, cause);
            case "07", "HY", "24" -> new SQLNonTransientException(message, state, vendorCode, cause);
            case "08", "28" -> ofConnection(state, vendorCode, message, cause);
            case "21", "22" -> new SQLDataException(message, state, vendorCode, cause);
            case "23" -> new SQLIntegrityConstraintViolationException(message, state, vendorCode, cause);
            case "40" -> new SQLTransactionRollbackException(message, state, vendorCode, cause);
            case "42" -> new SQLSyntaxErrorException(message, state, vendorCode, cause);
            case "53" -> new SQLTransientException(message, state, vendorCode, cause);
            case "57" ->
                state.startsWith("57P")
                        ? new SQLRecoverableException(message, state, vendorCode, cause)
                        : vendorCode == TIMEOUT_VENDOR_CODE
                                ? new SQLTimeoutException(message, state, vendorCode, cause)
                                : new SQLException(message, state, vendorCode, cause);
            default -> new SQLException(message, state, vendorCode, cause);
        };
    }

    /** A server that does not answer may do so when it is asked again; a connection that is lost has to be opened anew. */
    private static SQLException ofConnection(
            String state, int vendorCode, @Nullable String message, @Nullable Throwable cause) {
        if (state.equals(CANNOT_CONNECT)) {
            return new SQLTransientConnectionException(message, state, vendorCode, cause);
        }
        return state.equals(CONNECTION_FAILURE)
                ? new SQLRecoverableException(message, state, vendorCode, cause)
                : new SQLNonTransientConnectionException(message, state, vendorCode, cause);
    }

    /** Whether the connection has failed, not what was asked over it. */
    public static boolean isOfConnection(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && state.startsWith(SqlState.CONNECTION_CLASS);
    }

    public static SQLException of(EngineException failure) {
        return of(failure.sqlState(), vendorCode(failure.code()), message(failure), failure);
    }

    /** What getErrorCode of an exception of this kind gives. */
    public static int vendorCode(ErrorCode code) {
        return code == ErrorCode.TIMEOUT ? TIMEOUT_VENDOR_CODE : 0;
    }

    /** The engine's message, with line and column if it has a place in a text. */
    public static String message(EngineException failure) {
        String message = failure.getMessage() == null ? failure.code().name() : failure.getMessage();
        return failure.line() > 0
                ? message + " (line " + failure.line() + ", column " + failure.column() + ")"
                : message;
    }

    /** 0A000, naming what is not supported. */
    public static SQLException unsupported(String what) {
        return of(ErrorCode.FEATURE_NOT_SUPPORTED.sqlState(), what);
    }

    /** Use of a closed object. */
    public static SQLException closed(String what) {
        return what.equals("connection")
                ? of(ErrorCode.CLOSED.sqlState(), "the connection is closed: open another one")
                : of(ErrorCode.STATEMENT_CLOSED.sqlState(), "the " + what + " is closed");
    }

    /** Whatever was thrown below the driver, as an SQLException. */
    public static SQLException translate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException known && known.getSQLState() != null) {
                return known;
            }
            if (cause instanceof EngineException engine) {
                return of(engine);
            }
            if (cause instanceof AvaticaClientRuntimeException remote && remote.getRpcMetadata() != null) {
                return ofServer(remote);
            }
            if (cause instanceof AvaticaClientRuntimeException remote && remote.getCause() == null) {
                return ofServer(remote);
            }
            if (cause instanceof OutOfMemoryException) {
                return of(ErrorCode.OUT_OF_MEMORY.sqlState(), 0, String.valueOf(cause.getMessage()), failure);
            }
            if (cause instanceof IOException) {
                return of(CONNECTION_FAILURE, 0, "the server does not answer: " + cause.getMessage(), failure);
            }
        }
        if (failure instanceof SQLException known) {
            return known;
        }
        return of(ErrorCode.INTERNAL_ERROR.sqlState(), 0, "the driver failed: " + failure, failure);
    }

    private static SQLException ofServer(AvaticaClientRuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith(CLIENT_PREFIX)) {
            message = message.substring(CLIENT_PREFIX.length());
        }
        if (message.startsWith(AVATICA_PREFIX)) {
            message = message.substring(AVATICA_PREFIX.length());
        }
        String state = failure.getSqlState();
        if (ErrorCode.IDLE_TIMEOUT.sqlState().equals(state)) {
            return of(state, 0, message, failure);
        }
        if (failure.getErrorCode() == ErrorResponse.MISSING_CONNECTION_ERROR_CODE) {
            return of(
                    ErrorCode.CLOSED.sqlState(),
                    0,
                    "the server does not know this connection any more: it was idle for too long, or the server was"
                            + " started anew; open another one",
                    failure);
        }
        boolean known = state != null && !state.equals(ErrorResponse.UNKNOWN_SQL_STATE);
        int code = failure.getErrorCode() == TIMEOUT_VENDOR_CODE ? TIMEOUT_VENDOR_CODE : 0;
        return of(known ? state : ErrorCode.INTERNAL_ERROR.sqlState(), code, message, failure);
    }
}
