package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** SHOW CREATE TABLE name. */
public final class ShowCreateTableNode extends StatementNode {
    private final SqlIdentifier table;

    public ShowCreateTableNode(SqlParserPos position, SqlIdentifier table) {
        super(position, "SHOW CREATE TABLE");
        this.table = table;
    }

    public SqlIdentifier table() {
        return table;
    }
}
