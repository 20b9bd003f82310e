package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** SHOW CREATE TABLE name, and of a view SHOW CREATE [MATERIALIZED] VIEW name. */
public final class ShowCreateTableNode extends StatementNode {
    private final SqlIdentifier table;
    private final boolean ofView;

    public ShowCreateTableNode(SqlParserPos position, SqlIdentifier table, boolean ofView) {
        super(position, ofView ? "SHOW CREATE VIEW" : "SHOW CREATE TABLE");
        this.table = table;
        this.ofView = ofView;
    }

    /** Whether the statement says VIEW. */
    public boolean ofView() {
        return ofView;
    }

    public SqlIdentifier table() {
        return table;
    }
}
