package io.zeptodb.engine.sql.ast;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Sources of rows that a statement does not spell out. Called by the generated parser. */
public final class DefaultValues {
    private static final String ALIAS = "source";

    private DefaultValues() {}

    /** DEFAULT VALUES: one row without values; whoever knows the table fills it. */
    public static SqlNode row(SqlParserPos position) {
        SqlNode row = SqlStdOperatorTable.ROW.createCall(position, List.of());
        return SqlStdOperatorTable.VALUES.createCall(position, row);
    }

    /** WITH NO DATA: the query's columns and none of its rows. */
    public static SqlNode noRow(SqlNode query) {
        SqlParserPos position = query.getParserPosition();
        SqlNode from = SqlStdOperatorTable.AS.createCall(
                position, query, new SqlIdentifier(ALIAS, position.withQuoting(true)));
        return PlainSelect.star(position, from, SqlLiteral.createBoolean(false, position));
    }
}
