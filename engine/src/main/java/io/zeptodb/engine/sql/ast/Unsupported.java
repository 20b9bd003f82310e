package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import org.apache.calcite.sql.parser.SqlParserPos;

/** What the grammar knows and the engine does not. Called by the generated parser. */
public final class Unsupported {
    private Unsupported() {}

    /** @throws EngineException always */
    public static void construct(String what, SqlParserPos position) {
        throw new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                what + " is not supported",
                position.getLineNum(),
                position.getColumnNum(),
                null);
    }
}
