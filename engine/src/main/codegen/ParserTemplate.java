import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A step of the build, run as a single source file: opens Calcite's parser template, unpacked from its jar, at the places where the
 * template has no extension point. Each place must be there exactly once, so that a new Calcite release that has moved it fails the
 * build instead of quietly losing a part of the language.
 *
 * <p>Arguments: the folder with Calcite's codegen, the folder with ours, the folder that fmpp reads.
 */
final class ParserTemplate {
    /** A place in the template: a text that is there once, and what stands there in our parser. */
    private record Edit(String what, String find, String replacement) {}

    private static final List<Edit> EDITS = List.of(
            new Edit(
                    "|| binds looser than arithmetic",
                    "<CONCAT> { return SqlStdOperatorTable.CONCAT; }",
                    "<CONCAT> { return Concatenation.OPERATOR; }"),
            new Edit(
                    "1_000 and 0x1F as numbers",
                    """
                        <UNSIGNED_INTEGER_LITERAL> {
                            return SqlLiteral.createExactNumeric(token.image, getPos());
                        }
                    |
                        <DECIMAL_NUMERIC_LITERAL> {
                            return SqlLiteral.createExactNumeric(token.image, getPos());
                        }
                    """,
                    """
                        <UNSIGNED_INTEGER_LITERAL> {
                            return NumberSyntax.decimal(token.image, getPos());
                        }
                    |
                        <RADIX_LITERAL> {
                            return NumberSyntax.ofRadix(token.image, getPos());
                        }
                    |
                        <DECIMAL_NUMERIC_LITERAL> {
                            return NumberSyntax.decimal(token.image, getPos());
                        }
                    """),
            new Edit(
                    "1_000e3 as a number",
                    "return SqlLiteral.createApproxNumeric(token.image, getPos());",
                    "return NumberSyntax.approximate(token.image, getPos());"),
            new Edit(
                    "digits with underscores, and those that run into letters",
                    """
                        < UNSIGNED_INTEGER_LITERAL: (["0"-"9"])+ >
                    |
                        < APPROX_NUMERIC_LITERAL:
                        (<UNSIGNED_INTEGER_LITERAL> | <DECIMAL_NUMERIC_LITERAL>) <EXPONENT> >
                    |
                        < DECIMAL_NUMERIC_LITERAL:
                        (["0"-"9"])+(".")?(["0"-"9"])*
                        | "."(["0"-"9"])+
                        >
                    |
                        < #EXPONENT: ["e","E"] (["+","-"])? (["0"-"9"])+ >
                    """,
                    """
                        < UNSIGNED_INTEGER_LITERAL: <DIGITS> >
                    |
                        < APPROX_NUMERIC_LITERAL:
                        (<UNSIGNED_INTEGER_LITERAL> | <DECIMAL_NUMERIC_LITERAL>) <EXPONENT> >
                    |
                        < DECIMAL_NUMERIC_LITERAL:
                        <DIGITS> (".")? (<DIGITS>)?
                        | "." <DIGITS>
                        >
                    |
                        < RADIX_LITERAL:
                        "0" ["x","X"] (("_")? <HEXDIGIT>)+
                        | "0" ["o","O"] (("_")? ["0"-"7"])+
                        | "0" ["b","B"] (("_")? ["0"-"1"])+
                        >
                    |
                        < NUMBER_INTO_LETTERS: <DECIMAL_NUMERIC_LITERAL> <LETTER> (<LETTER> | <DIGIT>)* >
                    |
                        < #DIGITS: (["0"-"9"])+ ("_" (["0"-"9"])+)* >
                    |
                        < #EXPONENT: ["e","E"] (["+","-"])? <DIGITS> >
                    """),
            new Edit(
                    "ASOF, AJ0, WINDOW, UNION and PLUS JOIN, before and behind other joins",
                    """
                        LOOKAHEAD(1)
                        e = JoinOrCommaTable(e)
                    )*
                    { return e; }
                    """,
                    """
                        LOOKAHEAD(1)
                        e = JoinOrCommaTable(e)
                        e = ZeptoJoins(e)
                    )*
                    { return e; }
                    """),
            new Edit(
                    "ASOF, AJ0, WINDOW, UNION and PLUS JOIN in FROM",
                    """
                        e = TableRef1(ExprContext.ACCEPT_QUERY_OR_JOIN)
                        (
                            // Comma joins should only occur at top-level in the FROM clause.
                    """,
                    """
                        e = TableRef1(ExprContext.ACCEPT_QUERY_OR_JOIN)
                        e = ZeptoJoins(e)
                        (
                            // Comma joins should only occur at top-level in the FROM clause.
                    """),
            new Edit(
                    "ASOF, AJ0, WINDOW, UNION and PLUS JOIN in parentheses",
                    """
                        e = TableRef1(ExprContext.ACCEPT_QUERY_OR_JOIN)
                        ( e = JoinTable(e) )*
                    """,
                    """
                        e = TableRef1(ExprContext.ACCEPT_QUERY_OR_JOIN)
                        e = ZeptoJoins(e)
                        ( e = JoinTable(e) e = ZeptoJoins(e) )*
                    """),
            new Edit(
                    "a table's alias is not the first word of PLUS JOIN or AJ0 JOIN",
                    """
                    [
                        [ <AS> ] alias = SimpleIdentifier()
                        (
                            columnAliasList = ParenthesizedSimpleIdentifierList()
                    """,
                    """
                    [
                        LOOKAHEAD(2, [ <AS> ] SimpleIdentifier(),
                            { !JoinClause.begins(getToken(1).image, getToken(2).image, getToken(3).image) })
                        [ <AS> ] alias = SimpleIdentifier()
                        (
                            columnAliasList = ParenthesizedSimpleIdentifierList()
                    """),
            new Edit(
                    "INTERVAL '5 minutes': an interval without qualifier",
                    """
                            p = SimpleStringLiteral()
                            intervalQualifier = IntervalQualifier() {
                                return SqlParserUtil.parseIntervalLiteral(s.end(intervalQualifier),
                                    sign, p, intervalQualifier);
                            }
                        |
                            // To keep parsing simple
                    """,
                    """
                            p = SimpleStringLiteral()
                            (
                                intervalQualifier = IntervalQualifier() {
                                    return IntervalSyntax.qualified(p, sign, intervalQualifier, s.end(intervalQualifier));
                                }
                            |
                                { return IntervalSyntax.unqualified(p, sign, s.end(this)); }
                            )
                        |
                            // To keep parsing simple
                    """),
            new Edit(
                    "f(x ORDER BY y)",
                    """
                        AddArg(list, exprContext)
                    )*
                    <RPAREN>
                    {
                        return list;
                    }
                    }

                    SqlLiteral AllOrDistinct() :
                    """,
                    """
                        AddArg(list, exprContext)
                    )*
                    [
                        { final SqlNodeList order; }
                        order = OrderBy(true) { list.add(order); }
                    ]
                    <RPAREN>
                    {
                        return list;
                    }
                    }

                    SqlLiteral AllOrDistinct() :
                    """),
            new Edit(
                    "f(x ORDER BY y): the order is the call's, for x is no query",
                    """
                    (
                        // use the syntactic type of the expression we just parsed
                        // to decide whether ORDER BY makes sense
                        orderBy = OrderBy(e.isA(SqlKind.QUERY))
                    |   { orderBy = null; }
                    )
                    """,
                    """
                    (
                        LOOKAHEAD({ getToken(1).kind == ORDER && e.isA(SqlKind.QUERY) })
                        orderBy = OrderBy(true)
                    |   { orderBy = null; }
                    )
                    """),
            new Edit(
                    "f(x ORDER BY y): there are no functions over ordered tables",
                    """
                    |   { partitionList = SqlNodeList.EMPTY; }
                    )
                    (
                        orderList = OrderByOfSetSemanticsTable()
                     |  { orderList = SqlNodeList.EMPTY; }
                    )
                    { return CreateSetSemanticsTableIfNeeded(s, e, partitionList, orderList); }
                    """,
                    """
                    |   { partitionList = SqlNodeList.EMPTY; }
                    )
                    { orderList = SqlNodeList.EMPTY; }
                    { return CreateSetSemanticsTableIfNeeded(s, e, partitionList, orderList); }
                    """),
            new Edit(
                    "LIMIT 1 + 1",
                    """
                        }
                    |
                        offsetFetch[1] = UnsignedNumericLiteralOrParam()
                    |
                        <ALL>
                    )
                    """,
                    """
                        }
                    |
                        offsetFetch[1] = ZeptoRowCount()
                    |
                        <ALL>
                    )
                    """),
            new Edit(
                    "OFFSET 1 + 1",
                    """
                    offsetFetch[0] = UnsignedNumericLiteralOrParam()
                    [ <ROW> | <ROWS> ]
                    """,
                    """
                    offsetFetch[0] = ZeptoRowCount()
                    [ <ROW> | <ROWS> ]
                    """),
            new Edit(
                    "frames of GROUPS",
                    """
                    (
                        (
                            <ROWS> { isRows = SqlLiteral.createBoolean(true, getPos()); }
                        |
                    """,
                    """
                    (
                        <GROUPS> { isRows = SqlLiteral.createBoolean(true, getPos()); }
                        { final SqlNode first; SqlNode last = null; }
                        (
                            <BETWEEN> first = WindowRange() <AND> last = WindowRange()
                        |
                            first = WindowRange()
                        )
                        {
                            GroupsFrame.check(first, last);
                            lowerBound = GroupsFrame.start(first);
                            upperBound = GroupsFrame.end(last, isRows.getParserPosition());
                        }
                        exclude = WindowExclusion()
                    |
                        (
                            <ROWS> { isRows = SqlLiteral.createBoolean(true, getPos()); }
                        |
                    """),
            new Edit(
                    "trim(x, characters), trim(FROM x)",
                    """
                        e = Expression(ExprContext.ACCEPT_SUB_QUERY)
                        [
                            <FROM> { trimChars = e; fromPos = getPos(); }
                            e = Expression(ExprContext.ACCEPT_SUB_QUERY)
                        ]
                    )
                    """,
                    """
                        e = Expression(ExprContext.ACCEPT_SUB_QUERY)
                        [
                            <FROM> { trimChars = e; fromPos = getPos(); }
                            e = Expression(ExprContext.ACCEPT_SUB_QUERY)
                        |
                            <COMMA> trimChars = Expression(ExprContext.ACCEPT_SUB_QUERY)
                        ]
                    )
                    |
                    (
                        <FROM> { fromPos = getPos(); }
                        e = Expression(ExprContext.ACCEPT_SUB_QUERY)
                    )
                    """),
            new Edit(
                    "FETCH FIRST ROW ONLY",
                    """
                    <FETCH> ( <FIRST> | <NEXT> ) offsetFetch[1] = UnsignedNumericLiteralOrParam()
                    ( <ROW> | <ROWS> ) <ONLY>
                    """,
                    """
                    <FETCH> ( <FIRST> | <NEXT> )
                    (
                        offsetFetch[1] = UnsignedNumericLiteralOrParam()
                    |
                        { offsetFetch[1] = SqlLiteral.createExactNumeric("1", getPos()); }
                    )
                    ( <ROW> | <ROWS> ) <ONLY>
                    """),
            new Edit(
                    "WITH q AS [NOT] MATERIALIZED",
                    """
                    <AS>
                    definition = ParenthesizedExpression(ExprContext.ACCEPT_QUERY)
                    { list.add(new SqlWithItem(
                    """,
                    """
                    <AS>
                    [ [ <NOT> ] <MATERIALIZED> ]
                    definition = ParenthesizedExpression(ExprContext.ACCEPT_QUERY)
                    { list.add(new SqlWithItem(
                    """),
            new Edit(
                    "DELETE FROM t USING … RETURNING",
                    """
                    ( [ <AS> ] alias = SimpleIdentifier() | { alias = null; } )
                    ( where = Where() | { where = null; } )
                    {
                        return new SqlDelete(
                    """,
                    """
                    (
                        LOOKAHEAD(2, [ <AS> ] SimpleIdentifier(), { getToken(1).kind != RETURNING })
                        [ <AS> ] alias = SimpleIdentifier()
                    |
                        { alias = null; }
                    )
                    { SqlNode using = null; }
                    [ <USING> using = FromClause() ]
                    ( where = Where() | { where = null; } )
                    [ <RETURNING> { Unsupported.construct("RETURNING", getPos()); } ]
                    {
                        if (using != null) {
                            return new DeleteUsingNode(s.end(this), tableRef, where, alias, using);
                        }
                        return new SqlDelete(
                    """),
            new Edit(
                    "UPDATE t SET c = DEFAULT, … FROM … RETURNING",
                    """
                    // TODO:  support DEFAULT also
                    <EQ> AddExpression(sourceExpressionList, ExprContext.ACCEPT_SUB_QUERY)
                    (
                        <COMMA>
                        id = CompoundIdentifier() { targetColumnList.add(id); }
                        <EQ> AddExpression(sourceExpressionList, ExprContext.ACCEPT_SUB_QUERY)
                    )*
                    ( where = Where() | { where = null; } )
                    {
                    """,
                    """
                    <EQ> ZeptoAssigned(sourceExpressionList)
                    (
                        <COMMA>
                        id = CompoundIdentifier() { targetColumnList.add(id); }
                        <EQ> ZeptoAssigned(sourceExpressionList)
                    )*
                    { SqlNode from = null; }
                    [ <FROM> from = FromClause() ]
                    ( where = Where() | { where = null; } )
                    [ <RETURNING> { Unsupported.construct("RETURNING", getPos()); } ]
                    {
                        if (from != null) {
                            return new UpdateFromNode(s.end(this), tableRef, targetColumnList,
                                sourceExpressionList, where, alias, from);
                        }
                    """),
            new Edit(
                    "MERGE with any number of branches",
                    """
                    (
                        LOOKAHEAD(2)
                        updateCall = WhenMatchedClause(tableRef, alias)
                        ( insertCall = WhenNotMatchedClause(tableRef) | { insertCall = null; } )
                    |
                        { updateCall = null; }
                        insertCall = WhenNotMatchedClause(tableRef)
                    )
                    {
                        final SqlParserPos pos = s.addIf(updateCall).addIf(insertCall).pos();
                        return new SqlMerge(pos, tableRef, condition, sourceTableRef,
                            updateCall, insertCall, null, alias);
                    }
                    """,
                    """
                    {
                        updateCall = null;
                        insertCall = null;
                        final List<MergeBranch> branches = new ArrayList<MergeBranch>();
                    }
                    ( ZeptoMergeBranch(branches) )+
                    [ <RETURNING> { Unsupported.construct("RETURNING", getPos()); } ]
                    {
                        return new MergeNode(s.end(this), tableRef, condition, sourceTableRef, alias, branches);
                    }
                    """),
            new Edit(
                    "INSERT INTO t AS alias, INSERT … DEFAULT VALUES",
                    """
                    |   { columnList = null; }
                    )
                    source = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) {
                        return new SqlInsert(s.end(source), keywordList, tableRef, source,
                            columnList);
                    }
                    """,
                    """
                    |   { columnList = null; }
                    )
                    (
                        <DEFAULT_> <VALUES> { source = DefaultValues.row(getPos()); }
                    |
                        source = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
                    )
                    [ <RETURNING> { Unsupported.construct("RETURNING", getPos()); } ]
                    {
                        return new SqlInsert(s.end(source), keywordList, tableRef, source,
                            columnList);
                    }
                    """),
            new Edit(
                    "INSERT INTO t AS alias",
                    """
                    [ LOOKAHEAD(5) tableRef = ExtendTable(tableRef) ]
                    (
                        LOOKAHEAD(2)
                        p = ParenthesizedCompoundIdentifierList() {
                            if (!p.right.isEmpty()) {
                                tableRef = extend(tableRef, p.right);
                            }
                            if (!p.left.isEmpty()) {
                                columnList = p.left;
                            } else {
                                columnList = null;
                            }
                        }
                    |   { columnList = null; }
                    )
                    (
                    """,
                    """
                    [ LOOKAHEAD(5) tableRef = ExtendTable(tableRef) ]
                    [ <AS> SimpleIdentifier() ]
                    (
                        LOOKAHEAD(2)
                        p = ParenthesizedCompoundIdentifierList() {
                            if (!p.right.isEmpty()) {
                                tableRef = extend(tableRef, p.right);
                            }
                            if (!p.left.isEmpty()) {
                                columnList = p.left;
                            } else {
                                columnList = null;
                            }
                        }
                    |   { columnList = null; }
                    )
                    (
                    """),
            new Edit(
                    "x ISNULL, x NOTNULL",
                    """
                    |
                        <FORMAT>
                        (
                            JsonRepresentation() {
                                return SqlStdOperatorTable.JSON_VALUE_EXPRESSION;
                            }
                        )
                    }
                    """,
                    """
                    |
                        <ISNULL> { return SqlStdOperatorTable.IS_NULL; }
                    |
                        <NOTNULL> { return SqlStdOperatorTable.IS_NOT_NULL; }
                    |
                        <FORMAT>
                        (
                            JsonRepresentation() {
                                return SqlStdOperatorTable.JSON_VALUE_EXPRESSION;
                            }
                        )
                    }
                    """),
            new Edit(
                    "a | b, a >> n",
                    """
                    |   <AMPERSAND> { return SqlStdOperatorTable.BITAND_OPERATOR; }
                    """,
                    """
                    |   <AMPERSAND> { return SqlStdOperatorTable.BITAND_OPERATOR; }
                    |   <VERTICAL_BAR> { return OperatorSyntax.BIT_OR; }
                    |   <RIGHTSHIFT> { return OperatorSyntax.SHIFT_RIGHT; }
                    """),
            new Edit(
                    "DISTINCT ON (…)",
                    """
                        (
                            keyword = AllOrDistinct() { keywords.add(keyword); }
                        )?
                        {
                            keywordList = new SqlNodeList(keywords, s.addAll(keywords).pos());
                        }
                    """,
                    """
                        (
                            keyword = AllOrDistinct()
                            { SqlNodeList distinctOn = null; }
                            [
                                LOOKAHEAD({ keyword.getValue() == SqlSelectKeyword.DISTINCT && getToken(1).kind == ON })
                                <ON> distinctOn = ParenthesizedQueryOrCommaList(ExprContext.ACCEPT_SUB_QUERY)
                            ]
                            { keywords.add(distinctOn == null ? keyword : new DistinctOn(distinctOn, keyword.getParserPosition())); }
                        )?
                        {
                            keywordList = new SqlNodeList(keywords, s.addAll(keywords).pos());
                        }
                    """),
            new Edit(
                    "~a",
                    """
                    |   <UNIQUE> { return SqlStdOperatorTable.UNIQUE; }
                    """,
                    """
                    |   <UNIQUE> { return SqlStdOperatorTable.UNIQUE; }
                    |   <TILDE> { return OperatorSyntax.BIT_NOT; }
                    """),
            new Edit(
                    "extract('unit' FROM x)",
                    """
                    <EXTRACT> { s = span(); }
                    <LPAREN> unit = TimeUnitOrName() {
                        args.add(unit);
                    }
                    """,
                    """
                    <EXTRACT> { s = span(); }
                    <LPAREN>
                    (
                        unit = TimeUnitOrName() { args.add(unit); }
                    |
                        <QUOTED_STRING> { args.add(OperatorSyntax.unit(token.image, getPos())); }
                    )
                    """),
            new Edit(
                    "SELECT … WHERE without FROM",
                    """
                    E() {
                            fromClause = null;
                            where = null;
                            groupBy = null;
                    """,
                    """
                    ( where = Where() | { where = null; } ) {
                            fromClause = null;
                            groupBy = null;
                    """),
            new Edit(
                    "SELECT … LATEST ON, SAMPLE BY: what WHERE becomes, what comes behind it",
                    """
                    final SqlNode where;
                    final SqlNodeList groupBy;
                    """,
                    """
                    SqlNode where;
                    SampleClause sample = null;
                    final SqlNodeList groupBy;
                    """),
            new Edit(
                    "SELECT … WHERE … LATEST ON … SAMPLE BY",
                    """
                    <FROM> fromClause = FromClause()
                    ( where = Where() | { where = null; } )
                    """,
                    """
                    <FROM> fromClause = FromClause()
                    ( where = Where() | { where = null; } )
                    [ where = ZeptoLatestOn(where) ]
                    [ sample = ZeptoSampleBy() ]
                    """),
            new Edit(
                    "SELECT … SAMPLE BY: the query is one of ours",
                    """
                    SqlByRewriter.rewrite(select, by);
                    return select;
                    """,
                    """
                    SqlByRewriter.rewrite(select, by);
                    return sample == null ? select : SampledSelect.of(select, sample);
                    """),
            new Edit(
                    "FROM t TABLE SAMPLE 0.1",
                    """
                    [ tableRef = Tablesample(tableRef) ]
                    { return tableRef; }
                    """,
                    """
                    [ tableRef = Tablesample(tableRef) | LOOKAHEAD(3) tableRef = ZeptoTableSample(tableRef) ]
                    { return tableRef; }
                    """),
            new Edit(
                    "TABLESAMPLE: a percentage that is checked at its place",
                    """
                    samplePercentage.bigDecimalValue().divide(ONE_HUNDRED);
                    """,
                    """
                    SampleSyntax.percentage(samplePercentage);
                    """),
            new Edit(
                    "a table's alias is not the first word of LATEST ON or SAMPLE BY",
                    """
                    { !JoinClause.begins(getToken(1).image, getToken(2).image, getToken(3).image) })
                    """,
                    """
                    { !JoinClause.begins(getToken(1).image, getToken(2).image, getToken(3).image)
                        && !TimeClause.begins(getToken(1).image, getToken(2).image, getToken(4).image,
                            getToken(6).image, getToken(8).image) })
                    """),
            dropped("node = ContainsSubstrFunctionCall() { return node; }"),
            dropped("node = DateDiffFunctionCall() { return node; }"),
            dropped("node = DateTruncFunctionCall() { return node; }"),
            dropped("node = DatetimeTruncFunctionCall() { return node; }"),
            dropped("node = DatetimeDiffFunctionCall() { return node; }"),
            dropped("node = TimestampDiff3FunctionCall() { return node; }"),
            dropped("node = TimestampTruncFunctionCall() { return node; }"),
            dropped("node = TimeDiffFunctionCall() { return node; }"),
            dropped("node = TimeTruncFunctionCall() { return node; }"),
            dropped("node = MatchRecognizeFunctionCall() { return node; }"),
            new Edit(
                    "tumbling windows of GROUP BY: ordinary names here",
                    """
                    |
                            node = GroupByWindowingCall() { return node; }
                    """,
                    "\n"),
            new Edit(
                    "string_agg, array_agg and percentile_cont: ordinary functions here",
                    """
                            LOOKAHEAD(2)
                            call = StringAggFunctionCall()
                        |
                            LOOKAHEAD(1)
                            call = PercentileFunctionCall()
                        |
                            call = NamedCall()
                    """,
                    """
                            call = NamedCall()
                    """),
            new Edit(
                    "JDBC's escapes {oj …}, {escape …} and {limit …}",
                    """
                        < LBRACE_FN: "{" (" ")* ["f","F"] ["n","N"] >
                    """,
                    """
                        < LBRACE_FN: "{" (" ")* ["f","F"] ["n","N"] >
                    |   < LBRACE_OJ: "{" (" ")* ["o","O"] ["j","J"] >
                    |   < LBRACE_ESCAPE: "{" (" ")* ["e","E"] ["s","S"] ["c","C"] ["a","A"] ["p","P"] ["e","E"] >
                    |   < LBRACE_LIMIT: "{" (" ")* ["l","L"] ["i","I"] ["m","M"] ["i","I"] ["t","T"] >
                    """),
            new Edit(
                    "{fn CONVERT(x, SQL_INTEGER)}, and {fn …} of functions with a syntax of their own",
                    "<LBRACE_FN> { s = span(); } (",
                    """
                        <LBRACE_FN> { s = span(); }
                        (
                            LOOKAHEAD(<CONVERT> | <CEIL> | <EXTRACT> | <OVERLAY> | <POSITION> | <TRIM>)
                            e = ZeptoEscapedCall() { return e; }
                        |
                    """),
            new Edit(
                    "{d '…'} is read as DATE '…' is",
                    "return SqlParserUtil.parseDateLiteral(p, getPos());",
                    "return SqlLiteral.createUnknown(\"DATE\", p, getPos());"),
            new Edit(
                    "{t '…'} is read as TIME '…' is",
                    "return SqlParserUtil.parseTimeLiteral(p, getPos());",
                    "return SqlLiteral.createUnknown(\"TIME\", p, getPos());"),
            new Edit(
                    "{ts '…'} is read as TIMESTAMP '…' is",
                    "return SqlParserUtil.parseTimestampLiteral(p, s.end(this));",
                    "return SqlLiteral.createUnknown(\"TIMESTAMP\", p, s.end(this));"),
            new Edit(
                    "{oj a LEFT JOIN b ON …}",
                    "tableRef = ExtendedTableRef()",
                    """
                        <LBRACE_OJ> tableRef = ZeptoEscapedJoin()
                    |
                        tableRef = ExtendedTableRef()
                    """),
            new Edit(
                    "LIKE … {escape '…'}",
                    "<ESCAPE> e = Expression3(ExprContext.ACCEPT_SUB_QUERY) {",
                    "e = ZeptoEscape() {"),
            new Edit(
                    "{limit …}",
                    """
                    void FetchClause(SqlNode[] offsetFetch) :
                    {
                    }
                    {
                    """,
                    """
                    void FetchClause(SqlNode[] offsetFetch) :
                    {
                    }
                    {
                        <LBRACE_LIMIT> offsetFetch[1] = ZeptoRowCount()
                        [ <OFFSET> offsetFetch[0] = ZeptoRowCount() ]
                        <RBRACE>
                    |
                    """));

    private ParserTemplate() {}

    /** A function of other products whose call has a syntax of its own: an ordinary name here, so that it may be ours. */
    private static Edit dropped(String alternative) {
        return new Edit(alternative, alternative + " |", "");
    }

    public static void main(String[] arguments) throws IOException {
        Path calcite = Path.of(arguments[0]);
        Path ours = Path.of(arguments[1]);
        Path out = Path.of(arguments[2]);
        String template = Files.readString(calcite.resolve("templates/Parser.jj"));
        for (Edit edit : EDITS) {
            template = apply(edit, template);
        }
        String trees = "SqlParserUtil.toTree(";
        if (!template.contains(trees)) {
            throw new IllegalStateException("Calcite's Parser.jj makes its trees of operators elsewhere: not by " + trees);
        }
        template = template.replace(trees, "OperatorTree.of("); // which takes long chains too
        Files.createDirectories(out.resolve("templates"));
        copy(calcite.resolve("default_config.fmpp"), out.resolve("default_config.fmpp"));
        copyFolder(calcite.resolve("includes"), out.resolve("includes"));
        copy(ours.resolve("config.fmpp"), out.resolve("config.fmpp"));
        copyFolder(ours.resolve("includes"), out.resolve("includes"));
        Files.writeString(out.resolve("templates/Parser.jj"), template);
    }

    /** Replaces the one place; how much white space there is between its words does not matter. */
    private static String apply(Edit edit, String template) {
        String[] words = edit.find().strip().split("\\s+");
        String pattern = Arrays.stream(words).map(Pattern::quote).collect(Collectors.joining("\\s+"));
        List<MatchResult> places =
                Pattern.compile(pattern).matcher(template).results().toList();
        if (places.size() != 1) {
            throw new IllegalStateException("Calcite's Parser.jj must have this place exactly once, it has it "
                    + places.size() + " times: " + edit.what()
                    + "\nLook at what the release changed and mend the edit in ParserTemplate.java:\n" + edit.find());
        }
        MatchResult place = places.get(0);
        return template.substring(0, place.start()) + edit.replacement().strip() + template.substring(place.end());
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.writeString(to, Files.readString(from));
    }
}
