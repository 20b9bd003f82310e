package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.parser.SqlParserPos;

/** A statement that is known by its first words and not supported; what follows them was not read. */
public final class UnsupportedNode extends StatementNode {
    public UnsupportedNode(SqlParserPos position, String name) {
        super(position, name);
    }
}
