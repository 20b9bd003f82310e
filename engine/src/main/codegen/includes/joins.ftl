<#-- Joins of ours; each production makes a node of io.zeptodb.engine.sql.ast, or Calcite's. -->

/** Parses the joins of ours that follow what was parsed of FROM; gives back what it was given when none does. */
SqlNode ZeptoJoins(SqlNode left) :
{
    SqlNode joined = left;
}
{
    (
        LOOKAHEAD({ JoinClause.begins(getToken(1).image, getToken(2).image, getToken(3).image) })
        joined = ZeptoJoin(joined)
    )*
    {
        JoinClause.refuseTolerance(getToken(1).image, getToken(1).beginLine, getToken(1).beginColumn);
        return joined;
    }
}

/** Parses ASOF, AJ0, WINDOW, UNION or PLUS JOIN behind its left side. */
SqlNode ZeptoJoin(SqlNode left) :
{
    final JoinClause join;
    final SqlNode right;
    SqlNode match = null;
    SqlNode on = null;
    SqlNodeList using = null;
    SqlNode tolerance = null;
}
{
    join = ZeptoJoinKind()
    right = TableRef1(ExprContext.ACCEPT_QUERY_OR_JOIN)
    [ <MATCH_CONDITION> match = Expression(ExprContext.ACCEPT_SUB_QUERY) { join.match(match); } ]
    [
        <ON> on = Expression(ExprContext.ACCEPT_SUB_QUERY) { join.on(on); }
    |
        <USING> using = ParenthesizedSimpleIdentifierList() { join.using(using); }
    ]
    [
        LOOKAHEAD({ JoinClause.isWord(getToken(1).image, "TOLERANCE") })
        <IDENTIFIER> { join.toleranceAt(getPos()); }
        tolerance = Expression(ExprContext.ACCEPT_SUB_QUERY) { join.tolerance(tolerance); }
    ]
    [
        LOOKAHEAD({ JoinClause.isWord(getToken(2).image, "PREVAILING") })
        ( <INCLUDE> { join.prevailing(true, getPos()); } | <EXCLUDE> { join.prevailing(false, getPos()); } )
        <IDENTIFIER>
    ]
    {
        return join.node(left, right);
    }
}

/** Parses the words up to JOIN. */
JoinClause ZeptoJoinKind() :
{
    boolean natural = false;
    boolean outer = false;
    String kind;
    final SqlParserPos pos;
}
{
    [ <NATURAL> { natural = true; } ]
    [ <LEFT> { outer = true; } ]
    ( <ASOF> | <WINDOW> | <UNION> | <IDENTIFIER> ) { kind = token.image; }
    <JOIN> { pos = getPos(); }
    {
        return JoinClause.of(kind, outer, natural, pos);
    }
}

/** Parses what follows {oj of JDBC: a join, as in parentheses. */
SqlNode ZeptoEscapedJoin() :
{
    SqlNode e;
}
{
    e = TableRef1(ExprContext.ACCEPT_QUERY_OR_JOIN)
    e = ZeptoJoins(e)
    ( e = JoinTable(e) e = ZeptoJoins(e) )*
    <RBRACE>
    {
        return e;
    }
}

/** Parses ESCAPE 'c', or {escape 'c'} of JDBC, behind a pattern. */
SqlNode ZeptoEscape() :
{
    final SqlNode e;
}
{
    <ESCAPE> e = Expression3(ExprContext.ACCEPT_SUB_QUERY) { return e; }
|
    <LBRACE_ESCAPE> e = Expression3(ExprContext.ACCEPT_SUB_QUERY) <RBRACE> { return e; }
}
