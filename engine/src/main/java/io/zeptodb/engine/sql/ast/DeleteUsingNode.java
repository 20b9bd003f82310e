package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** DELETE FROM table USING tables WHERE condition. */
public final class DeleteUsingNode extends SqlDelete {
    private final SqlNode using;

    public DeleteUsingNode(
            SqlParserPos position,
            SqlNode table,
            @Nullable SqlNode condition,
            @Nullable SqlIdentifier alias,
            SqlNode using) {
        super(position, table, condition, null, alias);
        this.using = using;
    }

    /** The other tables. */
    public SqlNode using() {
        return using;
    }
}
