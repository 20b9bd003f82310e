<#-- Expressions of ours. -->

/** Parses the rest of "x::type". */
void InfixCast(List<Object> list, ExprContext exprContext, Span s) :
{
    final SqlDataTypeSpec type;
}
{
    <INFIX_CAST> {
        checkNonQueryExpression(exprContext);
        s.clear().add(this);
    }
    type = DataType() {
        list.add(new SqlParserUtil.ToTreeListItem(SqlLibraryOperators.INFIX_CAST, s.pos()));
        list.add(type);
    }
}

/** Parses the rest of "x AT TIME ZONE zone". */
void AtTimeZone(List<Object> list, ExprContext exprContext, Span s) :
{
}
{
    <AT> {
        checkNonQueryExpression(exprContext);
        s.clear().add(this);
    }
    <TIME> <ZONE> {
        list.add(new SqlParserUtil.ToTreeListItem(OperatorSyntax.AT_TIME_ZONE, s.pos()));
    }
    AddExpression2b(list, ExprContext.ACCEPT_SUB_QUERY)
}

/** Parses how many rows LIMIT or OFFSET mean. */
SqlNode ZeptoRowCount() :
{
    final SqlNode count;
}
{
    count = Expression(ExprContext.ACCEPT_SUB_QUERY) { return RowCounts.of(count); }
}

/** Parses what follows {fn of JDBC: CONVERT, or a function that does not take its operands between commas. */
SqlNode ZeptoEscapedCall() :
{
    final Span s;
    SqlNode e;
    final SqlIdentifier type;
}
{
    LOOKAHEAD(1)
    <CONVERT> { s = span(); }
    <LPAREN>
    e = Expression(ExprContext.ACCEPT_SUB_QUERY)
    <COMMA>
    type = ZeptoJdbcType()
    <RPAREN> <RBRACE> {
        return JdbcConversion.of(e, type, s.end(this));
    }
|
    e = BuiltinFunctionCall() <RBRACE> {
        return e;
    }
}

/** Parses a name of a type as java.sql.Types has it, with or without SQL_ before it. */
SqlIdentifier ZeptoJdbcType() :
{
}
{
    (
        JdbcOdbcDataTypeName()
    |
        <BIT> | <BLOB> | <CLOB> | <NCHAR> | <NCLOB>
    |
        <SQL_BIT> | <SQL_BLOB> | <SQL_CLOB> | <SQL_LONGVARBINARY> | <SQL_LONGVARCHAR> | <SQL_LONGVARNCHAR> | <SQL_NCHAR> | <SQL_NCLOB> | <SQL_NVARCHAR>
    |
        <IDENTIFIER>
    ) {
        return new SqlIdentifier(unquotedIdentifier(), getPos());
    }
}
