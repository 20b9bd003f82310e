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
    SqlNodeList dedupKeys = null;
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
    [ <DEDUP> <UPSERT> <KEYS> dedupKeys = ParenthesizedSimpleIdentifierList() ]
    [
        <AS> query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
        [ <WITH> [ <NO> { query = DefaultValues.noRow(query); } ] <DATA> ]
    ]
    {
        return new CreateTableNode(s.end(this), name, ifNotExists, columns,
            new CreateTableNode.Layout(timestamp, partitions, options, dedupKeys), query);
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
    SqlIdentifier attribute = null;
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
            <ATTRIBUTE> attribute = SimpleIdentifier()
        |
            ( <PRIMARY> | <UNIQUE> | <CHECK> | <REFERENCES> | <DEFAULT_> | <CONSTRAINT> | <GENERATED> ) {
                throw ColumnNode.unsupported(unquotedIdentifier(), name, getPos());
            }
        )*
    ]
    {
        columns.add(new ColumnNode(name, type, nullable, attribute));
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
    final boolean readOnly;
}
{
    <SET> { s = span(); }
    (
        LOOKAHEAD(<TRANSACTION> ( <READ> | <ISOLATION> ))
        <TRANSACTION> readOnly = ZeptoTransactionModes() { return TransactionNode.modes(s.end(this), readOnly); }
    |
        LOOKAHEAD(1)
        name = SimpleIdentifier()
        ( <EQ> | <TO> )
        value = ZeptoOptionValue()
        {
            return new SqlSetOption(s.end(value), null, (SqlNode) name, value);
        }
    )
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
    final boolean cascade;
    final SqlIdentifier name;
}
{
    <DROP> { s = span(); }
    <TABLE>
    [ LOOKAHEAD(2) <IF> <EXISTS> { ifExists = true; } ]
    name = CompoundIdentifier()
    cascade = ZeptoCascade()
    {
        return new DropTableNode(s.end(this), name, ifExists, cascade);
    }
}

boolean ZeptoCascade() :
{
}
{
    <CASCADE> { return true; }
|
    [ <RESTRICT> ] { return false; }
}

SqlNode ZeptoCreateView() :
{
    final Span s;
    boolean orReplace = false;
    boolean materialized = false;
    boolean ifNotExists = false;
    final SqlIdentifier name;
    SqlNodeList columns = null;
    final SqlNode query;
    final SqlParserPos start;
}
{
    <CREATE> { s = span(); }
    [
        <OR> <REPLACE> { orReplace = true; }
        [ <TABLE> { Unsupported.construct("CREATE OR REPLACE TABLE", s.pos()); } ]
    ]
    [ <MATERIALIZED> { materialized = true; } ]
    <VIEW>
    [ LOOKAHEAD(3) <IF> <NOT> <EXISTS> { ifNotExists = true; } ]
    name = CompoundIdentifier()
    [ columns = ParenthesizedSimpleIdentifierList() ]
    <AS> { start = CreateViewNode.start(getToken(1).beginLine, getToken(1).beginColumn); }
    query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    {
        return new CreateViewNode(s.end(this), name,
            new CreateViewNode.Manner(orReplace, materialized, ifNotExists), columns, query, start.plus(getPos()));
    }
}

SqlNode ZeptoDropView() :
{
    final Span s;
    boolean materialized = false;
    boolean ifExists = false;
    boolean cascade = false;
    final List<SqlIdentifier> names = new ArrayList<SqlIdentifier>();
    SqlIdentifier name;
}
{
    <DROP> { s = span(); }
    [ <MATERIALIZED> { materialized = true; } ]
    <VIEW>
    [ LOOKAHEAD(2) <IF> <EXISTS> { ifExists = true; } ]
    name = CompoundIdentifier() { names.add(name); }
    ( <COMMA> name = CompoundIdentifier() { names.add(name); } )*
    cascade = ZeptoCascade()
    {
        return new DropViewNode(s.end(this), names, materialized, ifExists, cascade);
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

SqlNode ZeptoShow() :
{
    final Span s;
    final SqlIdentifier name;
}
{
    <SHOW> { s = span(); }
    (
        <TABLES> { return new ShowTablesNode(s.end(this)); }
    |
        <CREATE>
        (
            <TABLE> name = CompoundIdentifier() { return new ShowCreateTableNode(s.end(this), name, false); }
        |
            [ <MATERIALIZED> ] <VIEW> name = CompoundIdentifier() { return new ShowCreateTableNode(s.end(this), name, true); }
        )
    )
}

SqlNode ZeptoAlterTable() :
{
    final Span s;
    final SqlIdentifier table;
    final List<AlterTableNode.Action> actions = new ArrayList<AlterTableNode.Action>();
}
{
    <ALTER> { s = span(); }
    <TABLE>
    table = CompoundIdentifier()
    (
        ZeptoAlterAction(actions)
        ( <COMMA> ZeptoAlterAction(actions) )*
    |
        ZeptoAlterSetting(actions)
    )
    {
        return new AlterTableNode(s.end(this), table, actions);
    }
}

void ZeptoAlterAction(List<AlterTableNode.Action> actions) :
{
    boolean ifExists = false;
    final boolean cascade;
    final List<ColumnNode> columns = new ArrayList<ColumnNode>();
    final SqlIdentifier name;
    final SqlIdentifier other;
}
{
    <ADD> [ <COLUMN> ]
    [ LOOKAHEAD(3) <IF> <NOT> <EXISTS> { ifExists = true; } ]
    ZeptoColumn(columns)
    {
        actions.add(new AlterTableNode.Add(columns.get(0), ifExists));
    }
|
    <DROP> [ <COLUMN> ]
    [ LOOKAHEAD(2) <IF> <EXISTS> { ifExists = true; } ]
    name = SimpleIdentifier()
    cascade = ZeptoCascade()
    {
        actions.add(new AlterTableNode.Drop(name, ifExists, cascade));
    }
|
    <RENAME>
    (
        <TO> name = SimpleIdentifier() { actions.add(new AlterTableNode.RenameTable(name)); }
    |
        [ LOOKAHEAD(2) <COLUMN> ]
        name = SimpleIdentifier() <TO> other = SimpleIdentifier()
        {
            actions.add(new AlterTableNode.Rename(name, other));
        }
    )
|
    <ALTER> { Unsupported.construct("ALTER TABLE … ALTER COLUMN", getPos()); }
}

void ZeptoAlterSetting(List<AlterTableNode.Action> actions) :
{
    final SqlParserPos pos;
    final SqlIdentifier column;
    final SqlIdentifier attribute;
    String age = "";
    final List<TierNode> steps = new ArrayList<TierNode>();
}
{
    <SET> { pos = getPos(); }
    (
        <TTL>
        ( <NONE> | age = ZeptoAge() )
        {
            actions.add(new AlterTableNode.SetTtl(age, pos));
        }
    |
        <STORAGE> <POLICY>
        ( LOOKAHEAD(1) <NONE> | ZeptoTier(steps) ( [ <COMMA> ] ZeptoTier(steps) )* )
        {
            actions.add(new AlterTableNode.SetStoragePolicy(steps, pos));
        }
    |
        <ATTRIBUTE> column = SimpleIdentifier() attribute = SimpleIdentifier()
        {
            actions.add(new AlterTableNode.SetAttribute(column, attribute));
        }
    )
}

/** Parses [TO] tier [AFTER] age. */
void ZeptoTier(List<TierNode> steps) :
{
    final SqlIdentifier tier;
    final String age;
}
{
    [ <TO> ] tier = ZeptoTierName() [ <AFTER> ] age = ZeptoAge()
    {
        steps.add(new TierNode(tier, age));
    }
}

/** Parses the name of a tier; DROP is one. */
SqlIdentifier ZeptoTierName() :
{
    final SqlIdentifier name;
}
{
    name = SimpleIdentifier() { return name; }
|
    <DROP> { return new SqlIdentifier(unquotedIdentifier(), getPos()); }
}

/** Parses 30 DAYS, INTERVAL '30' DAY or '30 days', to a text. */
String ZeptoAge() :
{
    final SqlNode value;
    final SqlIdentifier unit;
}
{
    value = StringLiteral() { return OptionNode.textOf(value); }
|
    ( <INTERVAL> value = StringLiteral() | value = UnsignedNumericLiteral() )
    unit = SimpleIdentifier()
    { return OptionNode.textOf(value) + " " + unit.getSimple(); }
}

/** Parses what UPDATE gives a column: an expression or DEFAULT. */
void ZeptoAssigned(List<SqlNode> values) :
{
    final SqlNode value;
}
{
    LOOKAHEAD(1)
    value = Default() { values.add(value); }
|
    AddExpression(values, ExprContext.ACCEPT_SUB_QUERY)
}

void ZeptoMergeBranch(List<MergeBranch> branches) :
{
    final Span s;
    boolean matched = true;
    SqlNode condition = null;
    SqlNodeList columns = null;
    final List<SqlNode> values = new ArrayList<SqlNode>();
    SqlIdentifier name;
    final SqlIdentifier word;
    final MergeBranch.Action action;
}
{
    <WHEN> { s = span(); }
    [ <NOT> { matched = false; } ]
    <MATCHED>
    [ <AND> condition = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
    <THEN>
    (
        <UPDATE> <SET> { columns = new SqlNodeList(getPos()); }
        name = CompoundIdentifier() { columns.add(name); }
        <EQ> ZeptoAssigned(values)
        (
            <COMMA>
            name = CompoundIdentifier() { columns.add(name); }
            <EQ> ZeptoAssigned(values)
        )*
        { action = MergeBranch.Action.UPDATE; }
    |
        <DELETE> { action = MergeBranch.Action.DELETE; }
    |
        <INSERT> { action = MergeBranch.Action.INSERT; }
        [ columns = ParenthesizedSimpleIdentifierList() ]
        (
            <DEFAULT_> <VALUES>
        |
            <VALUES> <LPAREN>
            ZeptoAssigned(values)
            ( <COMMA> ZeptoAssigned(values) )*
            <RPAREN>
        )
    |
        name = SimpleIdentifier()
        word = SimpleIdentifier()
        { action = MergeBranch.nothing(name, word); }
    )
    { branches.add(new MergeBranch(matched, condition, action, columns, values, s.pos())); }
}

SqlNode ZeptoTruncate() :
{
    final Span s;
    final SqlIdentifier table;
}
{
    <TRUNCATE> { s = span(); }
    [ <TABLE> ]
    table = CompoundIdentifier()
    {
        return new TruncateNode(s.end(this), table);
    }
}

SqlNode ZeptoTransaction() :
{
    final Span s;
    boolean readOnly = false;
}
{
    <BEGIN> { s = span(); }
    [ <TRANSACTION> | <WORK> ]
    [ readOnly = ZeptoTransactionModes() ]
    {
        return TransactionNode.begin(s.end(this), readOnly);
    }
|
    <START> { s = span(); }
    <TRANSACTION>
    [ readOnly = ZeptoTransactionModes() ]
    {
        return TransactionNode.begin(s.end(this), readOnly);
    }
|
    ( <COMMIT> | <END> ) { s = span(); }
    [ <TRANSACTION> | <WORK> ]
    {
        return TransactionNode.commit(s.end(this));
    }
|
    <ROLLBACK> { s = span(); }
    [ <TRANSACTION> | <WORK> ]
    [ <TO> { Unsupported.construct("ROLLBACK TO SAVEPOINT", getPos()); } ]
    {
        return TransactionNode.rollback(s.end(this));
    }
}

boolean ZeptoTransactionModes() :
{
    boolean readOnly;
}
{
    readOnly = ZeptoTransactionMode(false)
    ( [ <COMMA> ] readOnly = ZeptoTransactionMode(readOnly) )*
    { return readOnly; }
}

/** Parses READ ONLY, READ WRITE or an isolation level that is not above the one there is. */
boolean ZeptoTransactionMode(boolean before) :
{
}
{
    <READ> ( <ONLY> { return true; } | <WRITE> { return false; } )
|
    <ISOLATION> <LEVEL>
    (
        <READ> ( <UNCOMMITTED> | <COMMITTED> )
    |
        <REPEATABLE> <READ>
    |
        <SERIALIZABLE> { Unsupported.construct("ISOLATION LEVEL SERIALIZABLE", getPos()); }
    )
    { return before; }
}

SqlNode ZeptoBackup() :
{
    final Span s;
    final SqlNode folder;
}
{
    <BACKUP> { s = span(); }
    <TO> folder = StringLiteral()
    {
        return new BackupNode(s.end(this), folder);
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
        <CREATE> { s = span(); }
        (
            <SCHEMA> { what = "CREATE SCHEMA"; }
        |
            <UNIQUE> { what = "CREATE UNIQUE INDEX"; }
        |
            <TEMPORARY> { what = "CREATE TEMPORARY TABLE"; }
        )
    |
        <DROP> { s = span(); }
        <SCHEMA> { what = "DROP SCHEMA"; }
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
