package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** DROP TABLE [IF EXISTS] name [CASCADE | RESTRICT]. */
public final class DropTableNode extends StatementNode {
    private final SqlIdentifier name;
    private final boolean ifExists;
    private final boolean cascade;

    public DropTableNode(SqlParserPos position, SqlIdentifier name, boolean ifExists, boolean cascade) {
        super(position, "DROP TABLE");
        this.name = name;
        this.ifExists = ifExists;
        this.cascade = cascade;
    }

    /** Whether the views that read it go too. */
    public boolean cascade() {
        return cascade;
    }

    public SqlIdentifier name() {
        return name;
    }

    public boolean ifExists() {
        return ifExists;
    }
}
