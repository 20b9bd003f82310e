package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** UPDATE table SET … FROM tables WHERE condition. */
public final class UpdateFromNode extends SqlUpdate {
    private final SqlNode from;

    public UpdateFromNode(
            SqlParserPos position,
            SqlNode table,
            SqlNodeList columns,
            SqlNodeList values,
            @Nullable SqlNode condition,
            @Nullable SqlIdentifier alias,
            SqlNode from) {
        super(position, table, columns, values, condition, null, alias);
        this.from = from;
    }

    /** The other tables. */
    public SqlNode from() {
        return from;
    }
}
