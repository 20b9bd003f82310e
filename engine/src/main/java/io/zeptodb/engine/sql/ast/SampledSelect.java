package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * A SELECT with SAMPLE BY, as it is written. It becomes an ordinary one before it is validated; what the clause says is then in its other
 * clauses.
 */
public final class SampledSelect extends SqlSelect {
    private final SampleClause clause;

    private SampledSelect(SqlSelect select, SampleClause clause, SqlParserPos position) {
        super(
                position,
                (SqlNodeList) select.getOperandList().get(0),
                select.getSelectList(),
                select.getFrom(),
                select.getWhere(),
                select.getGroup(),
                select.getHaving(),
                select.getWindowList(),
                select.getQualify(),
                select.getOrderList(),
                select.getOffset(),
                select.getFetch(),
                select.getHints());
        this.clause = clause;
    }

    /** Called by the generated parser. */
    public static SqlSelect of(SqlSelect select, SampleClause clause) {
        SqlNodeList group = select.getGroup();
        if (group != null) {
            SqlParserPos position = group.getParserPosition();
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT,
                    "SAMPLE BY groups by the columns that are no aggregates and by the time: leave GROUP BY out",
                    position.getLineNum(),
                    position.getColumnNum(),
                    null);
        }
        return new SampledSelect(select, clause, select.getParserPosition());
    }

    public SampleClause clause() {
        return clause;
    }

    /** The parser copies what stands in parentheses. */
    @Override
    public SqlNode clone(SqlParserPos position) {
        return new SampledSelect(this, clause, position);
    }
}
