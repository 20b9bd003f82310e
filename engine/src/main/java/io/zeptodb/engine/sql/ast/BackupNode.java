package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/** BACKUP TO 'folder'. */
public final class BackupNode extends StatementNode {
    private final SqlNode folder;

    public BackupNode(SqlParserPos position, SqlNode folder) {
        super(position, "BACKUP");
        this.folder = folder;
    }

    public String folder() {
        return OptionNode.textOf(folder);
    }
}
