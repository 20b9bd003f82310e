package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** DESCRIBE [TABLE] name. */
public final class DescribeNode extends StatementNode {
    private final SqlIdentifier table;

    public DescribeNode(SqlParserPos position, SqlIdentifier table) {
        super(position, "DESCRIBE");
        this.table = table;
    }

    public SqlIdentifier table() {
        return table;
    }
}
