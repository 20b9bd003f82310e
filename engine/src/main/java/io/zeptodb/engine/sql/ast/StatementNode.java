package io.zeptodb.engine.sql.ast;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A statement of ours. Calcite's validator never sees one: the front end takes it apart and validates the query inside, if any. */
public abstract class StatementNode extends SqlCall {
    private final SqlOperator operator;

    StatementNode(SqlParserPos position, String name) {
        super(position);
        this.operator = new SqlSpecialOperator(name, SqlKind.OTHER_DDL);
    }

    /** The words it begins with, e.g. {@code CREATE TABLE}. */
    public String statementName() {
        return operator.getName();
    }

    @Override
    public final SqlOperator getOperator() {
        return operator;
    }

    @Override
    public List<SqlNode> getOperandList() {
        return List.of();
    }

    @Override
    public final void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
        writer.keyword(statementName());
    }
}
