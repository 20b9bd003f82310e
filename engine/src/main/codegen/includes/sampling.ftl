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
