package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/** EXPLAIN [ANALYZE | PLAN FOR] statement. */
public final class ExplainNode extends StatementNode {
    private final SqlNode statement;
    private final boolean analyze;

    public ExplainNode(SqlParserPos position, SqlNode statement, boolean analyze) {
        super(position, analyze ? "EXPLAIN ANALYZE" : "EXPLAIN");
        this.statement = statement;
        this.analyze = analyze;
    }

    public SqlNode statement() {
        return statement;
    }

    public boolean analyze() {
        return analyze;
    }
}
