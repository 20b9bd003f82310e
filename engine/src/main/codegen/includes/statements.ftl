<#-- Statements of ours; each production makes one node of io.zeptodb.engine.sql.ast. -->

SqlNode ZeptoCreateTable() :
{
    final Span s;
    boolean ifNotExists = false;
    final SqlIdentifier name;
    final List<ColumnNode> columns = new ArrayList<ColumnNode>();
    SqlIdentifier timestamp = null;
    List<PartitionNode> partitions = null;
    List<OptionNode> options = new ArrayList<OptionNode>();
    SqlNode query = null;
}
{
    <CREATE> { s = span(); }
    <TABLE>
    [ LOOKAHEAD(3) <IF> <NOT> <EXISTS> { ifNotExists = true; } ]
    name = CompoundIdentifier()
    [
        <LPAREN>
        ZeptoColumn(columns)
        ( <COMMA> ( LOOKAHEAD(2) ZeptoConstraint() | ZeptoColumn(columns) ) )*
        <RPAREN>
    ]
    [ <TIMESTAMP> <LPAREN> timestamp = SimpleIdentifier() <RPAREN> ]
    [ <PARTITION> <BY> partitions = ZeptoPartitions() ]
    [ <WITH> options = ZeptoOptions() ]
    [
        <AS> query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
        [ <WITH> [ <NO> { query = DefaultValues.noRow(query); } ] <DATA> ]
    ]
    {
        return new CreateTableNode(s.end(this), name, ifNotExists, columns,
            new CreateTableNode.Layout(timestamp, partitions, options), query);
    }
}

/** Refuses a constraint among the columns; most of the words may begin the name of a column too. */
void ZeptoConstraint() :
{
}
{
    (
        <CONSTRAINT>
    |
        <FOREIGN>
    |
        LOOKAHEAD(2) <PRIMARY> <KEY>
    |
        LOOKAHEAD(2) <UNIQUE> <LPAREN>
    |
        LOOKAHEAD(2) <CHECK> <LPAREN>
    )
    { Unsupported.construct("a constraint of the table", getPos()); }
}

void ZeptoColumn(List<ColumnNode> columns) :
{
    final SqlIdentifier name;
    SqlDataTypeSpec type = null;
    boolean nullable = true;
}
{
    name = SimpleIdentifier()
    [
        type = DataType()
        (
            <NOT> <NULL> { nullable = false; }
        |
            <NULL>
        |
            ( <PRIMARY> | <UNIQUE> | <CHECK> | <REFERENCES> | <DEFAULT_> | <CONSTRAINT> | <GENERATED> ) {
                throw ColumnNode.unsupported(unquotedIdentifier(), name, getPos());
            }
        )*
    ]
    {
        columns.add(new ColumnNode(name, type, nullable));
    }
}

List<PartitionNode> ZeptoPartitions() :
{
    final List<PartitionNode> partitions = new ArrayList<PartitionNode>();
}
{
    ZeptoPartition(partitions)
    ( <COMMA> ZeptoPartition(partitions) )*
    { return partitions; }
}

void ZeptoPartition(List<PartitionNode> partitions) :
{
    final SqlIdentifier name;
    SqlIdentifier column = null;
}
{
    name = SimpleIdentifier()
    [ <LPAREN> column = SimpleIdentifier() <RPAREN> ]
    {
        partitions.add(new PartitionNode(name, column));
    }
}

List<OptionNode> ZeptoOptions() :
{
    final List<OptionNode> options = new ArrayList<OptionNode>();
}
{
    <LPAREN>
    [
        ZeptoOption(options)
        ( <COMMA> ZeptoOption(options) )*
    ]
    <RPAREN>
    { return options; }
}

void ZeptoOption(List<OptionNode> options) :
{
    final SqlIdentifier name;
    SqlNode value = null;
}
{
    name = ZeptoOptionName()
    [ <EQ> ]
    [ value = ZeptoOptionValue() ]
    {
        options.add(new OptionNode(name, value));
    }
}

/** Parses a literal or a word; words that are choices of an option are allowed though they are reserved. */
SqlNode ZeptoOptionValue() :
{
    final SqlNode value;
}
{
    value = NonIntervalLiteral() { return value; }
|
    value = SimpleIdentifier() { return value; }
|
    ( <ALL> | <DEFAULT_> | <INNER> | <LEFT> | <ON> | <SKIP_> ) {
        return new SqlIdentifier(unquotedIdentifier(), getPos());
    }
}

SqlNode ZeptoSet() :
{
    final Span s;
    final SqlIdentifier name;
    final SqlNode value;
}
{
    <SET> { s = span(); }
    name = SimpleIdentifier()
    ( <EQ> | <TO> )
    value = ZeptoOptionValue()
    {
        return new SqlSetOption(s.end(value), null, (SqlNode) name, value);
    }
}

/** Parses the name of an option; words that COPY is used to are allowed though they are reserved. */
SqlIdentifier ZeptoOptionName() :
{
    final SqlIdentifier name;
}
{
    name = SimpleIdentifier() { return name; }
|
    ( <NULL> | <ESCAPE> ) { return new SqlIdentifier(unquotedIdentifier(), getPos()); }
}

SqlNode ZeptoDropTable() :
{
    final Span s;
    boolean ifExists = false;
    final SqlIdentifier name;
}
{
    <DROP> { s = span(); }
    <TABLE>
    [ LOOKAHEAD(2) <IF> <EXISTS> { ifExists = true; } ]
    name = CompoundIdentifier()
    {
        return new DropTableNode(s.end(this), name, ifExists);
    }
}

SqlNode ZeptoExplain() :
{
    final Span s;
    boolean analyze = false;
    final SqlNode statement;
}
{
    <EXPLAIN> { s = span(); }
    [
        <ANALYZE> { analyze = true; }
    |
        <PLAN> <FOR>
    ]
    statement = SqlQueryOrDml()
    {
        return new ExplainNode(s.end(this), statement, analyze);
    }
}

SqlNode ZeptoDescribe() :
{
    final Span s;
    final SqlIdentifier name;
}
{
    ( <DESCRIBE> | <DESC> ) { s = span(); }
    [ <TABLE> ]
    name = CompoundIdentifier()
    {
        return new DescribeNode(s.end(this), name);
    }
}

SqlNode ZeptoShowTables() :
{
    final Span s;
}
{
    <SHOW> { s = span(); }
    <TABLES>
    {
        return new ShowTablesNode(s.end(this));
    }
}

SqlNode ZeptoCheckpoint() :
{
}
{
    <CHECKPOINT>
    {
        return new CheckpointNode(getPos());
    }
}

SqlNode ZeptoCopy() :
{
    final Span s;
    SqlIdentifier table = null;
    SqlNodeList columns = null;
    SqlNode query = null;
    boolean from = false;
    final SqlNode file;
    List<OptionNode> options = new ArrayList<OptionNode>();
}
{
    <COPY> { s = span(); }
    (
        <LPAREN> query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) <RPAREN>
        <TO>
    |
        table = CompoundIdentifier()
        [ columns = ParenthesizedSimpleIdentifierList() ]
        ( <FROM> { from = true; } | <TO> )
    )
    file = StringLiteral()
    [ [ <WITH> ] options = ZeptoOptions() ]
    {
        if (from) {
            return CopyNode.from(s.end(this), table, columns, file, options);
        }
        return query == null
            ? CopyNode.to(s.end(this), table, columns, file, options)
            : CopyNode.to(s.end(this), query, file, options);
    }
}

/** Takes a statement that is known and not there yet, whatever follows its first words. */
SqlNode ZeptoUnsupported() :
{
    final Span s;
    final String what;
}
{
    (
        <ALTER> { s = span(); } <TABLE> { what = "ALTER TABLE"; }
    |
        <CREATE> { s = span(); }
        (
            <VIEW> { what = "CREATE VIEW"; }
        |
            <SCHEMA> { what = "CREATE SCHEMA"; }
        |
            <UNIQUE> { what = "CREATE UNIQUE INDEX"; }
        |
            <TEMPORARY> { what = "CREATE TEMPORARY TABLE"; }
        |
            <OR> <REPLACE> { what = "CREATE OR REPLACE"; }
        )
    |
        <DROP> { s = span(); }
        (
            <VIEW> { what = "DROP VIEW"; }
        |
            <SCHEMA> { what = "DROP SCHEMA"; }
        )
    |
        <TRUNCATE> { s = span(); what = "TRUNCATE"; }
    |
        <BEGIN> { s = span(); what = "BEGIN"; }
    |
        <START> { s = span(); } <TRANSACTION> { what = "START TRANSACTION"; }
    |
        <COMMIT> { s = span(); what = "COMMIT"; }
    |
        <ROLLBACK> { s = span(); what = "ROLLBACK"; }
    |
        <SAVEPOINT> { s = span(); what = "SAVEPOINT"; }
    )
    {
        final SqlParserPos pos = s.end(this);
        while (getToken(1).kind != EOF && getToken(1).kind != SEMICOLON) {
            getNextToken();
        }
        return new UnsupportedNode(pos, what);
    }
}
