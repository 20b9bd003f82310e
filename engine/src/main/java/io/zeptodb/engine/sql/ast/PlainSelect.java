package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** A query of a source and nothing else, for statements that stand for one. */
public final class PlainSelect {
    private PlainSelect() {}

    /** {@code SELECT columns FROM source}. */
    public static SqlSelect of(SqlParserPos position, SqlNodeList columns, SqlNode from, @Nullable SqlNode where) {
        return new SqlSelect(position, null, columns, from, where, null, null, null, null, null, null, null, null);
    }

    /** {@code SELECT * FROM source}. */
    public static SqlSelect star(SqlParserPos position, SqlNode from, @Nullable SqlNode where) {
        return of(position, SqlNodeList.of(SqlIdentifier.star(position)), from, where);
    }
}
