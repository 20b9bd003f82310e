package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.parser.SqlParserPos;

/** CHECKPOINT. */
public final class CheckpointNode extends StatementNode {
    public CheckpointNode(SqlParserPos position) {
        super(position, "CHECKPOINT");
    }
}
