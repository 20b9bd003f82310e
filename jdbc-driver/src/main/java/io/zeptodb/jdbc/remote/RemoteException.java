package io.zeptodb.jdbc.remote;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.wire.WireMessages;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;

/** Carries an SQLException through what throws none: its cause is what the caller of JDBC is to see. */
public final class RemoteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RemoteException(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /** What a server says of a failure: as the engine's own exception if it is one of its kinds. */
    static RuntimeException of(WireMessages.Failure failure) {
        Optional<ErrorCode> code = Arrays.stream(ErrorCode.values())
                .filter(known -> known.name().equals(failure.code()))
                .findFirst();
        if (code.isPresent()) {
            EngineException told = new EngineException(code.get(), failure.message());
            return failure.counts() == null ? told : told.after(failure.counts());
        }
        String state = failure.state() == null ? ErrorCode.INTERNAL_ERROR.sqlState() : failure.state();
        return new RemoteException(SqlErrors.of(state, String.valueOf(failure.message())));
    }
}
