package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;

/** The errors that functions share, each showing the operation with its values. */
final class Failures {
    private Failures() {}

    static EngineException divisionByZero(String operation) {
        return new EngineException(ErrorCode.DIVISION_BY_ZERO, "division by zero: " + operation);
    }

    static EngineException outOfRange(String operation, ColumnType type) {
        boolean time = type.kind() == io.zeptodb.engine.api.TypeKind.TIMESTAMP
                || type.kind() == io.zeptodb.engine.api.TypeKind.DATE
                || type.kind() == io.zeptodb.engine.api.TypeKind.TIME;
        return new EngineException(
                time ? ErrorCode.DATETIME_OUT_OF_RANGE : ErrorCode.NUMERIC_OUT_OF_RANGE,
                "out of range: " + operation + " does not fit " + type);
    }

    static EngineException invalidArgument(String function, String problem) {
        return new EngineException(ErrorCode.INVALID_ARGUMENT, function + ": " + problem);
    }
}
