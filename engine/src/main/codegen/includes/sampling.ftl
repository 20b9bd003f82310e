<#-- Clauses of SELECT that go by time. -->

/** Parses LATEST ON time PARTITION BY key, …: a condition beside those of WHERE. */
SqlNode ZeptoLatestOn(SqlNode where) :
{
    final Span s;
    final SqlIdentifier time;
    SqlIdentifier key;
    final List<SqlNode> keys = new ArrayList<SqlNode>();
}
{
    <LATEST> { s = span(); }
    <ON> time = CompoundIdentifier()
    <PARTITION> <BY> key = CompoundIdentifier() { keys.add(key); }
    ( <COMMA> key = CompoundIdentifier() { keys.add(key); } )*
    {
        return LatestOn.condition(where, time, keys, s.end(this));
    }
}

/** Parses SAMPLE BY. */
SampleClause ZeptoSampleBy() :
{
    final SampleSyntax sample = new SampleSyntax();
    SqlNode node;
    final SqlIdentifier time;
}
{
    <SAMPLE> <BY>
    (
        <NUMBER_INTO_LETTERS> { sample.shortWidth(token.image, getPos()); }
    |
        node = Expression(ExprContext.ACCEPT_NON_QUERY) { sample.width(node); }
    )
    [ <ON> time = CompoundIdentifier() { sample.time(time); } ]
    [ <FROM> node = Expression(ExprContext.ACCEPT_NON_QUERY) { sample.start(node); } ]
    [ <TO> node = Expression(ExprContext.ACCEPT_NON_QUERY) { sample.end(node); } ]
    [
        <FILL> <LPAREN>
        node = Expression(ExprContext.ACCEPT_NON_QUERY) { sample.fill(node); }
        ( <COMMA> node = Expression(ExprContext.ACCEPT_NON_QUERY) { sample.fill(node); } )*
        <RPAREN>
    ]
    [
        <ALIGN> <TO>
        (
            <CALENDAR>
            [ <TIME> <ZONE> node = Expression(ExprContext.ACCEPT_NON_QUERY) { sample.zone(node); } ]
            [ <WITH> { SampleSyntax.alignedOtherwise(getPos()); } ]
        |
            <FIRST> { SampleSyntax.alignedOtherwise(getPos()); }
        )
    ]
    { return sample.clause(); }
}

/** Parses TABLE SAMPLE share behind a table. */
SqlNode ZeptoTableSample(SqlNode table) :
{
    final Span s;
    final SqlNode share;
}
{
    [ <TABLE> ] <SAMPLE> { s = span(); checkNotJoin(table); }
    share = UnsignedNumericLiteral()
    {
        return SampleSyntax.share(table, share, s.end(this));
    }
}
