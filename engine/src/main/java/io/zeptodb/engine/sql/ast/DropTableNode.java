package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** DROP TABLE [IF EXISTS] name. */
public final class DropTableNode extends StatementNode {
    private final SqlIdentifier name;
    private final boolean ifExists;

    public DropTableNode(SqlParserPos position, SqlIdentifier name, boolean ifExists) {
        super(position, "DROP TABLE");
        this.name = name;
        this.ifExists = ifExists;
    }

    public SqlIdentifier name() {
        return name;
    }

    public boolean ifExists() {
        return ifExists;
    }
}
