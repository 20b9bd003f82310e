package io.zeptodb.engine.sql.operator;

import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.sql.ast.IntervalNanos;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The operators that a text can name: first those of the function registry, then Calcite's own where they bear syntax (CASE, CAST, LIKE,
 * EXISTS, window functions …). A function that is in neither does not exist, whatever Calcite knows. Thread-safe.
 */
public final class ZeptoOperatorTable implements SqlOperatorTable {
    /** Calcite's functions that we let through; the optimizer knows what each of them is. */
    private static final Set<String> CALCITE_FUNCTIONS = Set.of(
            "CAST",
            "TRY_CAST",
            "SAFE_CAST",
            "COALESCE",
            "NULLIF",
            "COUNT",
            "MIN",
            "MAX",
            "SUM",
            "AVG",
            "GROUPING",
            "GROUPING_ID",
            "GROUP_ID",
            "ROW_NUMBER",
            "RANK",
            "DENSE_RANK",
            "PERCENT_RANK",
            "CUME_DIST",
            "NTILE",
            "LAG",
            "LEAD",
            "FIRST_VALUE",
            "LAST_VALUE",
            "NTH_VALUE",
            "TRIM",
            "EXTRACT",
            "FLOOR",
            "CEIL",
            "SUBSTRING",
            "POSITION",
            "OVERLAY",
            "UPPER",
            "LOWER",
            "CURRENT_TIMESTAMP",
            "CURRENT_DATE",
            "CURRENT_TIME",
            "LOCALTIMESTAMP",
            "LOCALTIME",
            "DEFAULT",
            "CHAR_LENGTH",
            "CHARACTER_LENGTH",
            "ABS",
            "MOD",
            "SINGLE_VALUE");

    /** Aggregates of which Calcite's rules know more than their types. */
    private static final Set<String> CALCITE_FIRST = Set.of("COUNT", "MIN", "MAX");

    private static final Set<String> CALCITE_AGGREGATES = Set.of("COUNT", "MIN", "MAX", "SUM", "AVG", "LISTAGG");

    /** Functions whose NULLs are only their arguments', so that they keep NOT NULL. */
    private static final Set<String> SIGNS = Set.of("+", "-", "*", "/", "%", "||");

    private final FunctionRegistry functions;
    private final Map<String, SqlOperator> infix = new ConcurrentHashMap<>();
    private final Map<String, SqlOperator> named = new ConcurrentHashMap<>();

    public ZeptoOperatorTable(FunctionRegistry functions) {
        this.functions = functions;
    }

    @Override
    public void lookupOperatorOverloads(
            SqlIdentifier name,
            @Nullable SqlFunctionCategory category,
            SqlSyntax syntax,
            List<SqlOperator> found,
            SqlNameMatcher matcher) {
        if (!name.isSimple()) {
            return;
        }
        SqlOperator ours = find(name.getSimple(), syntax);
        if (ours != null) {
            found.add(ours);
            return;
        }
        List<SqlOperator> calcite = new ArrayList<>();
        SqlStdOperatorTable.instance().lookupOperatorOverloads(name, null, syntax, calcite, matcher);
        for (SqlOperator operator : calcite) {
            if (!(operator instanceof SqlFunction)
                    || CALCITE_FUNCTIONS.contains(operator.getName().toUpperCase(Locale.ROOT))) {
                found.add(operator);
            }
        }
    }

    private @Nullable SqlOperator find(String name, SqlSyntax syntax) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (syntax == SqlSyntax.BINARY) {
            return SIGNS.contains(name) ? infix.computeIfAbsent(name, this::infix) : library(upper, syntax);
        }
        if (syntax != SqlSyntax.FUNCTION || CALCITE_FIRST.contains(upper)) {
            return library(upper, syntax);
        }
        // the parser calls TRANSLATE with three arguments by this name
        String registered = upper.equals("TRANSLATE3") ? "translate" : name;
        FunctionDefinition definition = functions.find(registered).orElse(null);
        if (definition == null || (definition.isWindow() && CALCITE_FUNCTIONS.contains(upper))) {
            return library(upper, syntax);
        }
        return named.computeIfAbsent(definition.name(), key -> function(definition));
    }

    private static @Nullable SqlOperator library(String name, SqlSyntax syntax) {
        SqlOperator operator = switch (name) {
            case "TRY_CAST" -> SqlLibraryOperators.TRY_CAST;
            case "SAFE_CAST" -> SqlLibraryOperators.SAFE_CAST;
            case "NULLIF" -> NullIfFunction.INSTANCE;
            case "LAG" -> NeighbourFunction.LAG;
            case "LEAD" -> NeighbourFunction.LEAD;
            case "NTILE" -> NtileFunction.INSTANCE;
            case "ILIKE" -> SqlLibraryOperators.ILIKE;
            case "NOT ILIKE" -> SqlLibraryOperators.NOT_ILIKE;
            case "$INTERVAL_NANOS" -> IntervalNanos.OPERATOR;
            default -> null;
        };
        boolean fits = operator != null && (operator.getSyntax().family == syntax.family);
        return fits ? operator : null;
    }

    private static SqlOperator function(FunctionDefinition definition) {
        RegistryTypes types = new RegistryTypes(definition, false);
        if (definition.isWindow()) {
            return new RegistryWindow(definition, types);
        }
        return definition.isAggregate()
                ? new RegistryAggregate(definition, types)
                : new RegistryFunction(definition, types);
    }

    private SqlOperator infix(String sign) {
        SqlBinaryOperator calcite = switch (sign) {
            case "+" -> SqlStdOperatorTable.PLUS;
            case "-" -> SqlStdOperatorTable.MINUS;
            case "*" -> SqlStdOperatorTable.MULTIPLY;
            case "/" -> SqlStdOperatorTable.DIVIDE;
            case "%" -> SqlStdOperatorTable.PERCENT_REMAINDER;
            default -> SqlStdOperatorTable.CONCAT;
        };
        return functions
                .find(sign)
                .<SqlOperator>map(definition -> new RegistryOperator(calcite, new RegistryTypes(definition, true)))
                .orElse(calcite);
    }

    /** Whether the registry has a function of this name. */
    public boolean hasFunction(String name) {
        return functions.find(name).isPresent();
    }

    /** The registry's function of this name, which it has. */
    public SqlOperator function(String name) {
        return Objects.requireNonNull(find(name, SqlSyntax.FUNCTION), name);
    }

    /** The registry's aggregate of this name, which it has. */
    public SqlAggFunction aggregate(String name) {
        return (SqlAggFunction) function(name);
    }

    /** Whether a function of this name aggregates rows, Calcite's COUNT, MIN and MAX among them. */
    public boolean isAggregate(String name) {
        return CALCITE_AGGREGATES.contains(name.toUpperCase(Locale.ROOT))
                || functions.find(name).filter(FunctionDefinition::isAggregate).isPresent();
    }

    /** Whether calls of a function of this name may give another result for each row, as random() does. */
    public boolean isRandom(String name) {
        return functions.find(name).isPresent()
                && find(name, SqlSyntax.FUNCTION) instanceof RegistryFunction function
                && !function.isDeterministic();
    }

    /** Names that a call may use, for suggestions; lower case. */
    public Collection<String> functionNames() {
        Set<String> names = new TreeSet<>();
        for (FunctionDefinition definition : functions.all()) {
            if (Character.isLetter(definition.name().charAt(0))) {
                names.add(definition.name());
                names.addAll(definition.aliases());
            }
        }
        CALCITE_FUNCTIONS.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    /** Where the validator looks for operators with a syntax of their own that the parser has made. */
    @Override
    public List<SqlOperator> getOperatorList() {
        return Library.OPERATORS;
    }

    /** Loaded when the first statement is validated. */
    private static final class Library {
        static final List<SqlOperator> OPERATORS = Stream.concat(
                        SqlStdOperatorTable.instance().getOperatorList().stream(),
                        Stream.of(SqlLibraryOperators.TRY_CAST, SqlLibraryOperators.SAFE_CAST))
                .toList();
    }
}
