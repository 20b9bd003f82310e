package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.Locale;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * A column of CREATE TABLE.
 *
 * @param type null when AS SELECT gives it
 * @param attribute the word behind ATTRIBUTE; null without
 */
public record ColumnNode(
        SqlIdentifier name,
        @Nullable SqlDataTypeSpec type,
        boolean nullable,
        @Nullable SqlIdentifier attribute) {
    /** What a column cannot have yet, by its first word. Called by the generated parser. */
    public static EngineException unsupported(String word, SqlIdentifier column, SqlParserPos position) {
        return new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                word.toUpperCase(Locale.ROOT) + " of column '" + column.getSimple() + "' is not supported",
                position.getLineNum(),
                position.getColumnNum(),
                null);
    }
}
