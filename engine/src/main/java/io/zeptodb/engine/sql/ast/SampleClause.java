package io.zeptodb.engine.sql.ast;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * {@code SAMPLE BY width [ON time] [FROM start] [TO end] [FILL (…)] [ALIGN TO CALENDAR [TIME ZONE zone]]}.
 *
 * @param width an interval, nanoseconds or a parameter
 * @param weeks whether the width is of weeks, which begin on Monday
 * @param time the column; null for the designated timestamp of what is in FROM
 * @param start inclusive
 * @param end exclusive
 * @param fills one for all aggregates, or one for each; empty without FILL
 */
public record SampleClause(
        SqlNode width,
        boolean weeks,
        @Nullable SqlIdentifier time,
        @Nullable SqlNode start,
        @Nullable SqlNode end,
        List<SqlNode> fills,
        @Nullable SqlNode zone) {
    public SampleClause {
        fills = List.copyOf(fills);
    }

    /** The place of the clause, for what is wrong with it as a whole. */
    public SqlParserPos position() {
        return width.getParserPosition();
    }
}
