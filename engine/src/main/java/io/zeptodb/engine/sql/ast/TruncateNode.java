package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** TRUNCATE [TABLE] name. */
public final class TruncateNode extends StatementNode {
    private final SqlIdentifier table;

    public TruncateNode(SqlParserPos position, SqlIdentifier table) {
        super(position, "TRUNCATE");
        this.table = table;
    }

    public SqlIdentifier table() {
        return table;
    }
}
