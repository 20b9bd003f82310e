package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * WHEN [NOT] MATCHED [AND condition] THEN action, of a MERGE.
 *
 * @param matched whether it is for rows that the table has
 * @param columns that are assigned or inserted; null for all
 * @param values for them; none for DEFAULT VALUES
 * @param position of WHEN
 */
public record MergeBranch(
        boolean matched,
        @Nullable SqlNode condition,
        Action action,
        @Nullable SqlNodeList columns,
        List<SqlNode> values,
        SqlParserPos position) {
    /** What happens to the row. */
    public enum Action {
        NOTHING,
        UPDATE,
        DELETE,
        INSERT
    }

    /** @throws EngineException SYNTAX_ERROR for an action that the branch cannot have */
    public MergeBranch {
        boolean possible = action == Action.NOTHING || (action == Action.INSERT) != matched;
        if (!possible) {
            throw new EngineException(
                    ErrorCode.SYNTAX_ERROR,
                    matched
                            ? "WHEN MATCHED is for UPDATE, DELETE and DO NOTHING: the row is there"
                            : "WHEN NOT MATCHED is for INSERT and DO NOTHING: there is no row",
                    position.getLineNum(),
                    position.getColumnNum(),
                    null);
        }
    }

    /** The two words of DO NOTHING, which are no keywords. @throws EngineException SYNTAX_ERROR for others */
    public static Action nothing(SqlIdentifier first, SqlIdentifier second) {
        if (first.getSimple().equalsIgnoreCase("DO") && second.getSimple().equalsIgnoreCase("NOTHING")) {
            return Action.NOTHING;
        }
        throw new EngineException(
                ErrorCode.SYNTAX_ERROR,
                "expected UPDATE, DELETE, INSERT or DO NOTHING behind THEN, got '" + first.getSimple() + " "
                        + second.getSimple() + "'",
                first.getParserPosition().getLineNum(),
                first.getParserPosition().getColumnNum(),
                null);
    }
}
