package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** DISTINCT ON (expressions), among the keywords of SELECT, until it is rewritten: it stands there as ALL. */
public final class DistinctOn extends SqlLiteral {
    private final SqlNodeList expressions;

    public DistinctOn(SqlNodeList expressions, SqlParserPos position) {
        super(SqlSelectKeyword.ALL, SqlTypeName.SYMBOL, position);
        this.expressions = expressions;
    }

    public SqlNodeList expressions() {
        return expressions;
    }

    @Override
    public DistinctOn clone(SqlParserPos position) {
        return new DistinctOn(expressions, position);
    }
}
