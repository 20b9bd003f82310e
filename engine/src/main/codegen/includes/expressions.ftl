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
