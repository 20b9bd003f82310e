package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.parser.SqlParserPos;

/** SHOW TABLES. */
public final class ShowTablesNode extends StatementNode {
    public ShowTablesNode(SqlParserPos position) {
        super(position, "SHOW TABLES");
    }
}
