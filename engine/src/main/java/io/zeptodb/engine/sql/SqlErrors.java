package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ErrorText;
import io.zeptodb.engine.catalog.Suggestion;
import io.zeptodb.engine.sql.parser.ParseException;
import io.zeptodb.engine.sql.parser.Token;
import io.zeptodb.engine.sql.parser.ZeptoSqlParserConstants;
import io.zeptodb.engine.sql.type.TypeNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Calcite's exceptions as ours: a code, one readable sentence, line and column. Called once, at the edge of this package. */
final class SqlErrors {
    /** Expected words are shown only when they are few: a list of fifty tells nothing. */
    private static final int MOST_EXPECTED = 6;

    private static final Pattern NO_STATEMENT =
            Pattern.compile("(?:Non-q|Q)uery expression encountered in illegal context");
    private static final Pattern UNGROUPED = Pattern.compile("Identifier '(.*?([^.]*))' is not a group expr");
    /** JDBC's escape for a procedure. */
    private static final Pattern CALL =
            Pattern.compile("\\s*\\{\\s*(?:\\?\\s*=\\s*)?call\\b", Pattern.CASE_INSENSITIVE);
    /** Of a literal of more digits than any type has, FETCH FIRST's for one. */
    private static final String UNFIT = "Cannot convert ";

    private static final String TYPES_LOST = "Conversion to relational algebra failed to preserve datatypes";

    /** Calcite puts types in angle brackets. */
    private static final Pattern TYPE_BRACKETS = Pattern.compile("<([A-Z][^<>]*)>");

    private static final Pattern WORD = Pattern.compile("\\w+|\\S");
    private static final Pattern LEXICAL =
            Pattern.compile("Lexical error at line (\\d+), column (\\d+)\\.\\s+Encountered: (.*)", Pattern.DOTALL);

    /**
     * What can be suggested instead of a wrong name.
     *
     * @param aliases what the statement calls a table, by the table's name in lower case
     */
    record Names(
            Collection<String> tables,
            Collection<String> columns,
            Collection<String> functions,
            Map<String, String> aliases) {}

    /** A message of Calcite's and what it is to us; {@code $1} are groups of the pattern. */
    private record Rule(Pattern message, ErrorCode code, String text) {
        static Rule of(String message, ErrorCode code, String text) {
            return new Rule(Pattern.compile(message, Pattern.DOTALL), code, text);
        }
    }

    private static final List<Rule> RULES = List.of(
            Rule.of(
                    "ROW type does not have a field named '(.*?)'.*",
                    ErrorCode.UNDEFINED_COLUMN,
                    "the row has no field '$1'"),
            Rule.of(
                    "Parameters must be of the same type",
                    ErrorCode.DATATYPE_MISMATCH,
                    "the elements of an array, and the operands of COALESCE, must have one type: cast those that have another"),
            Rule.of(
                    "Column '(.*)' is ambiguous.*",
                    ErrorCode.AMBIGUOUS_COLUMN,
                    "column '$1' is in more than one table here: qualify it"),
            Rule.of(
                    "Target column '(.*)' is assigned more than once.*",
                    ErrorCode.DUPLICATE_COLUMN,
                    "column '$1' is named twice"),
            Rule.of(
                    "Duplicate relation name '(.*)' in FROM clause",
                    ErrorCode.INVALID_STATEMENT,
                    "two tables are called '$1' in FROM: give one an alias"),
            Rule.of(
                    "Expression '(.*)' is not being grouped",
                    ErrorCode.GROUPING_ERROR,
                    "'$1' must stand in GROUP BY or inside an aggregate"),
            Rule.of(
                    "(Aggregate expression.*|.*[Aa]ggregate functions? .*|Windowed aggregate expression is illegal.*)",
                    ErrorCode.GROUPING_ERROR,
                    "$1"),
            Rule.of(
                    "Cannot apply '\\$SCALAR_QUERY' .*",
                    ErrorCode.DATATYPE_MISMATCH,
                    "a subquery used as a value must give one column"),
            Rule.of(
                    "Cannot apply '(NOT)' to arguments of type 'NOT ?<(.*?)>'\\..*",
                    ErrorCode.DATATYPE_MISMATCH,
                    "'$1' does not take these types: NOT $2"),
            Rule.of(
                    "Cannot apply '(.*?)' to arguments of type '(.*?)'\\..*",
                    ErrorCode.DATATYPE_MISMATCH,
                    "'$1' does not take these types: $2"),
            Rule.of(
                    "Window '(.*)' not found",
                    ErrorCode.INVALID_STATEMENT,
                    "no window of the WINDOW clause is called '$1'"),
            Rule.of(
                    "Cast function cannot convert value of type (.*?) to type (.*?)(?: NOT NULL)?$",
                    ErrorCode.DATATYPE_MISMATCH,
                    "cannot cast $1 to $2"),
            Rule.of(
                    "Column count mismatch in (.*)",
                    ErrorCode.INVALID_STATEMENT,
                    "the queries of $1 do not have the same number of columns"),
            Rule.of(
                    "Invalid number of arguments to function '(.*)'\\. Was expecting (\\d+) arguments?",
                    ErrorCode.UNDEFINED_FUNCTION,
                    "$1 takes $2 arguments"),
            Rule.of(
                    "Expected a boolean type|Parameters must be of the same type",
                    ErrorCode.DATATYPE_MISMATCH,
                    "values of one kind are wanted here, and conditions behind WHEN: cast them"),
            Rule.of(
                    "Cannot assign to target field '(.*)' of type (.*) from source field '(.*)' of type (.*)",
                    ErrorCode.DATATYPE_MISMATCH,
                    "column '$1' is $2, got $4"),
            Rule.of(
                    "(Cast function cannot convert .*|Type mismatch .*|.*incompatible types?.*|.*must have compatible types.*)",
                    ErrorCode.DATATYPE_MISMATCH,
                    "$1"),
            Rule.of(
                    "(.*(?:must be of|expected) (?:boolean|BOOLEAN|numeric|NUMERIC).*|.*must be a condition.*|Illegal mixing of types.*)",
                    ErrorCode.DATATYPE_MISMATCH,
                    "$1"),
            Rule.of(
                    "Illegal use of dynamic parameter",
                    ErrorCode.INVALID_STATEMENT,
                    "the type of this parameter cannot be told: write CAST(? AS type)"),
            Rule.of(
                    "Ordinal out of range",
                    ErrorCode.INVALID_STATEMENT,
                    "ORDER BY or GROUP BY counts to a column that the select list does not have"),
            Rule.of(
                    "Illegal use of 'NULL'",
                    ErrorCode.INVALID_STATEMENT,
                    "the type of this NULL cannot be told: write CAST(NULL AS type)"),
            Rule.of(
                    "Number of INSERT target columns \\((\\d+)\\) does not equal number of source items \\((\\d+)\\)",
                    ErrorCode.INVALID_STATEMENT,
                    "INSERT names $1 columns and gives $2 values"),
            Rule.of(
                    "Column '(.*)' has no default value and does not allow NULLs",
                    ErrorCode.NULL_NOT_ALLOWED,
                    "column '$1' is NOT NULL and gets no value"),
            Rule.of(
                    "ASOF JOIN (MATCH_CONDITION|condition) must be.*",
                    ErrorCode.INVALID_STATEMENT,
                    "the $1 of an ASOF JOIN must compare an expression of one side with one of the other: keys by =, one time"
                            + " by <, <=, > or >=; a further condition belongs in WHERE"),
            Rule.of("(.*ASOF.*must be.*)", ErrorCode.INVALID_STATEMENT, "$1; a further condition belongs in WHERE"),
            Rule.of(
                    "ROW/RANGE not allowed with .*",
                    ErrorCode.INVALID_STATEMENT,
                    "this window function takes no frame (ROWS, RANGE or GROUPS): leave it out"),
            Rule.of("Numeric literal '(.*)' out of range", ErrorCode.NUMERIC_OUT_OF_RANGE, "number $1 is out of range"),
            Rule.of("Unknown datatype name '(.*)'", ErrorCode.DATATYPE_MISMATCH, "type '$1' does not exist"));

    private static final Pattern NO_TABLE =
            Pattern.compile("(?:Object|Table|Schema) '(.*?)' not found.*", Pattern.DOTALL);
    private static final Pattern NO_COLUMN = Pattern.compile(
            "(?:Column '(.*?)' not found (?:in any table|in table '(.*?)').*|Unknown target column '(.*?)'.*|Unknown field '(.*?)'.*|Unknown identifier '(.*?)'.*)",
            Pattern.DOTALL);
    private static final Pattern NO_FUNCTION =
            Pattern.compile("No match found for function signature ([^(]*)\\((.*)\\)", Pattern.DOTALL);

    private SqlErrors() {}

    /** Makes an exception of ours. */
    static EngineException translate(Throwable thrown, String sql, Names names) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof EngineException ours) {
                return positioned(ours, thrown);
            }
            if (cause instanceof StackOverflowError) {
                SqlPlaces.Place place = SqlPlaces.deepest(sql);
                return new EngineException(
                        ErrorCode.STATEMENT_TOO_COMPLEX,
                        "the statement is nested too deeply: split it up",
                        place.line(),
                        place.column(),
                        cause);
            }
        }
        if (thrown instanceof SqlParseException parse) {
            return CALL.matcher(sql).lookingAt() ? noProcedures(parse) : syntax(parse, sql);
        }
        if (thrown instanceof CalciteContextException context) {
            Throwable cause = context.getCause();
            String message = message(cause == null ? context : cause);
            SqlParserPos at = new SqlParserPos(context.getPosLine(), context.getPosColumn());
            return meaning(message, sql, at, names, thrown);
        }
        if (thrown instanceof CalciteException) {
            return meaning(message(thrown), sql, SqlParserPos.ZERO, names, thrown);
        }
        Matcher ungrouped = UNGROUPED.matcher(message(thrown));
        if (thrown instanceof AssertionError && ungrouped.matches()) {
            SqlPlaces.Place place = SqlPlaces.word(sql, ungrouped.group(2));
            return new EngineException(
                    ErrorCode.GROUPING_ERROR,
                    "'" + ungrouped.group(1) + "' must stand in GROUP BY of the outer query, which aggregates",
                    place == null ? 0 : place.line(),
                    place == null ? 0 : place.column(),
                    thrown);
        }
        if (thrown instanceof AssertionError && message(thrown).startsWith(TYPES_LOST)) {
            SqlPlaces.Place place = SqlPlaces.start(sql);
            return new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "this statement is not supported: whether a window function of its subqueries gives NULL cannot be told; put"
                            + " coalesce around it",
                    place.line(),
                    place.column(),
                    thrown);
        }
        if (thrown instanceof IllegalArgumentException && message(thrown).startsWith(UNFIT)) {
            return unfit(thrown, sql);
        }
        if (thrown instanceof UnsupportedOperationException) {
            return new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED, "the statement is not supported: " + thrown.getMessage(), thrown);
        }
        return new EngineException(
                ErrorCode.INTERNAL_ERROR,
                "the statement could not be planned, which is a defect of the engine; please report it: " + thrown,
                thrown);
    }

    private static EngineException unfit(Throwable thrown, String sql) {
        SqlPlaces.Place place = SqlPlaces.start(sql);
        return new EngineException(
                ErrorCode.NUMERIC_OUT_OF_RANGE,
                "a number is out of range: " + message(thrown),
                place.line(),
                place.column(),
                thrown);
    }

    /** Short enough for the patterns here, some of which go over a message again and again. */
    private static String message(Throwable thrown) {
        return String.valueOf(ErrorText.shortened(thrown.getMessage()));
    }

    /** An error of ours that came out of the middle of Calcite: without a place of its own it takes the one around it. */
    private static EngineException positioned(EngineException ours, Throwable outer) {
        if (ours.line() == 0 && outer instanceof CalciteContextException context) {
            return new EngineException(
                    ours.code(), String.valueOf(ours.getMessage()), context.getPosLine(), context.getPosColumn(), ours);
        }
        return ours;
    }

    private static EngineException noProcedures(SqlParseException parse) {
        return new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "there are no stored procedures that {call …} could call: SELECT calls functions",
                parse);
    }

    private static EngineException syntax(SqlParseException parse, String sql) {
        if (parse.getCause() instanceof IndexOutOfBoundsException
                && !WORD.matcher(sql).find()) {
            return new EngineException(ErrorCode.SYNTAX_ERROR, "the statement is empty", parse);
        }
        SqlPlaces.Unclosed unclosed = SqlPlaces.unclosed(sql);
        if (unclosed != null) {
            return new EngineException(
                    ErrorCode.SYNTAX_ERROR,
                    "the " + unclosed.what() + " that begins here is not closed",
                    unclosed.start().line(),
                    unclosed.start().column(),
                    parse);
        }
        if (parse.getCause() instanceof ParseException generated && generated.currentToken != null) {
            Token token = generated.currentToken.next;
            Token number = numberIntoLetters(token);
            if (number != null) {
                return at(
                        number,
                        "the number at '" + number.image + "' runs into letters: put a space between them",
                        parse);
            }
            Token name = ReservedNames.find(generated.currentToken, sql);
            if (name != null) {
                return at(name, "syntax error at '" + name.image + "'" + ReservedNames.remedy(name), parse);
            }
            String expected = expected(parse);
            if (expected.isEmpty()) {
                token = RefusedToken.behind(generated.currentToken);
            }
            boolean end = token.kind == ZeptoSqlParserConstants.EOF;
            return new EngineException(
                    ErrorCode.SYNTAX_ERROR,
                    (end ? "the statement ends too early" : "syntax error at '" + token.image + "'") + expected,
                    token.beginLine,
                    token.beginColumn,
                    parse);
        }
        String message = String.valueOf(parse.getMessage());
        Matcher lexical = LEXICAL.matcher(message);
        if (lexical.find()) {
            return new EngineException(
                    ErrorCode.SYNTAX_ERROR,
                    "character " + lexical.group(3).split(" ")[0] + " cannot stand here",
                    Integer.parseInt(lexical.group(1)),
                    Integer.parseInt(lexical.group(2)),
                    parse);
        }
        if (parse.getCause() instanceof CalciteContextException context && context.getCause() != null) {
            message = String.valueOf(context.getCause().getMessage());
        }
        SqlParserPos position = parse.getPos();
        int line = position == null ? 0 : position.getLineNum();
        int column = position == null ? 0 : position.getColumnNum();
        if (NO_STATEMENT.matcher(message).find()) {
            message = "syntax error at '" + wordAt(sql, line, column) + "'";
        }
        return new EngineException(ErrorCode.SYNTAX_ERROR, firstLine(message), line, column, parse);
    }

    private static EngineException at(Token token, String message, SqlParseException parse) {
        return new EngineException(ErrorCode.SYNTAX_ERROR, message, token.beginLine, token.beginColumn, parse);
    }

    /** The first such token that the parser has seen: having looked ahead to one, it stops before it. */
    private static @Nullable Token numberIntoLetters(Token first) {
        for (Token token = first; token != null; token = token.next) {
            if (token.kind == ZeptoSqlParserConstants.NUMBER_INTO_LETTERS) {
                return token;
            }
        }
        return null;
    }

    private static String wordAt(String sql, int line, int column) {
        String[] lines = sql.split("\n", -1);
        if (line < 1 || line > lines.length || column < 1 || column > lines[line - 1].length()) {
            return "";
        }
        Matcher word = WORD.matcher(lines[line - 1]);
        return word.find(column - 1) ? word.group() : "";
    }

    private static String expected(SqlParseException parse) {
        Collection<String> tokens = parse.getExpectedTokenNames();
        if (tokens == null) {
            return "";
        }
        Set<String> words = new TreeSet<>();
        for (String token : tokens) {
            String word = token.replace("\"", "");
            words.add(word.equals("<IDENTIFIER>") ? "a name" : word.equals("<QUOTED_STRING>") ? "'text'" : word);
        }
        words.removeIf(word -> word.startsWith("<") && word.length() > 2 && Character.isLetter(word.charAt(1)));
        if (words.isEmpty() || words.size() > MOST_EXPECTED) {
            return "";
        }
        // with others that the parser asks for apart, these begin any expression
        return words.contains("EXISTS")
                ? "; expected an expression"
                : "; expected " + String.join(" or ", new ArrayList<>(words));
    }

    private static EngineException meaning(
            String message, String sql, SqlParserPos at, Names names, @Nullable Throwable cause) {
        int line = at.getLineNum();
        int column = at.getColumnNum();
        Matcher table = NO_TABLE.matcher(message);
        if (table.matches()) {
            String name = table.group(1);
            String alias = names.aliases().get(name.toLowerCase(Locale.ROOT));
            String text = alias == null
                    ? "table '" + name + "' does not exist" + suggestion(name, names.tables())
                    : "table '" + name + "' is called '" + alias + "' here";
            return new EngineException(ErrorCode.UNDEFINED_TABLE, text, line, column, cause);
        }
        Matcher unknown = NO_COLUMN.matcher(message);
        if (unknown.matches() && followsAs(sql, line, column)) {
            return TypeNames.unknown(firstGroup(unknown), line, column);
        }
        if (unknown.matches()) {
            String name = firstGroup(unknown);
            boolean star = name.equals("*");
            String text = star
                    ? "'*' stands where a value must: is FROM missing?"
                    : "column '" + name + "' does not exist" + suggestion(name, names.columns());
            return new EngineException(ErrorCode.UNDEFINED_COLUMN, text, line, column, cause);
        }
        Matcher function = NO_FUNCTION.matcher(message);
        if (function.matches()) {
            String name = function.group(1).toLowerCase(Locale.ROOT);
            String hint = names.functions().contains(name) ? "" : suggestion(name, names.functions());
            String types = function.group(2);
            return new EngineException(
                    ErrorCode.UNDEFINED_FUNCTION,
                    "function " + name + "(" + types + ") does not exist" + hint,
                    line,
                    column,
                    cause);
        }
        for (Rule rule : RULES) {
            Matcher matcher = rule.message().matcher(message);
            if (matcher.matches()) {
                String text = matcher.replaceFirst(rule.text());
                boolean types = rule.code() == ErrorCode.DATATYPE_MISMATCH;
                String shown = types
                        ? TYPE_BRACKETS.matcher(text.replace(" ASYMMETRIC", "")).replaceAll("$1")
                        : text;
                return new EngineException(rule.code(), shown, line, column, cause);
            }
        }
        return new EngineException(ErrorCode.INVALID_STATEMENT, firstLine(message), line, column, cause);
    }

    /** Whether a name is a type's: {@code CAST(x AS name)}, {@code x::name}. */
    private static boolean followsAs(String sql, int line, int column) {
        String before = "";
        for (SqlPlaces.Word word : SqlPlaces.words(sql)) {
            if (word.place().line() == line && word.place().column() == column) {
                return before.equalsIgnoreCase("as") || before.equals(":");
            }
            before = word.text();
        }
        return false;
    }

    /** A name that is there but cannot be seen from this place is no help. */
    private static String suggestion(String wrong, Collection<String> known) {
        boolean hidden = known.stream().anyMatch(wrong::equalsIgnoreCase);
        return hidden ? "" : Suggestion.of(wrong, known);
    }

    private static String firstGroup(Matcher matcher) {
        for (int group : new int[] {1, 3, 4, 5}) {
            if (matcher.group(group) != null) {
                return matcher.group(group);
            }
        }
        return "";
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end).strip();
    }
}
