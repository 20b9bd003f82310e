package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.Locale;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * One of our joins while it is parsed: ASOF, AJ0, WINDOW, UNION or PLUS JOIN. Takes the clauses as they come and says which of them does not
 * belong to this kind. Called by the generated parser; one thread.
 */
public final class JoinClause {
    private static final String JOIN = "JOIN";

    private enum Kind {
        ASOF,
        AJ0,
        WINDOW,
        UNION,
        PLUS;

        boolean isAsof() {
            return this == ASOF || this == AJ0;
        }

        static @Nullable Kind of(String word) {
            for (Kind kind : values()) {
                if (isWord(word, kind.name())) {
                    return kind;
                }
            }
            return null;
        }
    }

    private final Kind kind;
    private final boolean outer;
    private final SqlParserPos position;
    private @Nullable SqlNode match;
    private @Nullable SqlNode on;
    private @Nullable SqlNodeList using;
    private @Nullable SqlNode tolerance;
    private boolean prevailing;

    private JoinClause(Kind kind, boolean outer, SqlParserPos position) {
        this.kind = kind;
        this.outer = outer;
        this.position = position;
    }

    /** Whether the next words of FROM begin a join of ours. A quoted name is none of these words. */
    public static boolean begins(String first, String second, String third) {
        if (isWord(first, "NATURAL")) {
            boolean left = isWord(second, "LEFT");
            return Kind.of(left ? third : second) != null && (left || isWord(third, JOIN));
        }
        boolean left = isWord(first, "LEFT");
        return Kind.of(left ? second : first) != null && isWord(left ? third : second, JOIN);
    }

    /** Whether a token is this word, unquoted. */
    public static boolean isWord(String image, String word) {
        return word.equalsIgnoreCase(image);
    }

    /** The word stands behind a join that is none of ours. */
    public static void refuseTolerance(String image, int line, int column) {
        if (isWord(image, "TOLERANCE")) {
            throw new EngineException(
                    ErrorCode.SYNTAX_ERROR,
                    "TOLERANCE belongs to an ASOF JOIN, behind its ON or USING",
                    line,
                    column,
                    null);
        }
    }

    /**
     * @param kind the word before JOIN
     * @param outer whether LEFT stands before it
     * @param natural whether NATURAL stands before it
     */
    public static JoinClause of(String kind, boolean outer, boolean natural, SqlParserPos position) {
        Kind known = Kind.of(kind);
        if (known == null) {
            throw error(position, "there is no " + kind.toUpperCase(Locale.ROOT) + " JOIN");
        }
        if (natural) {
            throw error(position, "there is no NATURAL " + known + " JOIN: name the columns, USING (symbol, ts)");
        }
        if (outer && !known.isAsof()) {
            throw error(
                    position, "there is no LEFT " + known + " JOIN: a " + known + " JOIN keeps every left row anyway");
        }
        return new JoinClause(known, outer, position);
    }

    public void match(SqlNode condition) {
        if (!kind.isAsof()) {
            throw error(condition.getParserPosition(), "MATCH_CONDITION belongs to an ASOF JOIN, this is " + named());
        }
        match = condition;
    }

    public void on(SqlNode condition) {
        if (kind == Kind.UNION) {
            throw error(condition.getParserPosition(), "a UNION JOIN takes all rows of both sides: it has no ON");
        }
        on = condition;
    }

    public void using(SqlNodeList columns) {
        if (kind == Kind.UNION) {
            throw error(columns.getParserPosition(), "a UNION JOIN takes all rows of both sides: it has no USING");
        } else if (kind == Kind.WINDOW) {
            throw error(columns.getParserPosition(), WindowJoinNode.NEEDS_ON);
        } else if (match != null) {
            throw error(
                    columns.getParserPosition(),
                    "USING names the time too, as its last column, compared by >=: write ON with MATCH_CONDITION");
        }
        using = columns;
    }

    /** Before the tolerance itself is read. */
    public void toleranceAt(SqlParserPos place) {
        if (!kind.isAsof()) {
            throw error(place, "TOLERANCE belongs to an ASOF JOIN, this is " + named());
        }
    }

    public void tolerance(SqlNode value) {
        tolerance = value;
    }

    public void prevailing(boolean included, SqlParserPos place) {
        if (kind != Kind.WINDOW) {
            throw error(place, "PREVAILING belongs to a WINDOW JOIN, this is " + named());
        }
        prevailing = included;
    }

    /** The join of two sides. */
    public SqlNode node(SqlNode left, SqlNode right) {
        switch (kind) {
            case UNION -> {
                return MergingJoin.union(position, left, right);
            }
            case PLUS -> {
                return MergingJoin.plus(position, left, right, on, using);
            }
            case WINDOW -> {
                if (on == null) {
                    throw error(position, WindowJoinNode.NEEDS_ON);
                }
                return new WindowJoinNode(position, left, right, on, prevailing);
            }
            default -> {
                JoinType type = outer ? JoinType.LEFT_ASOF : JoinType.ASOF;
                AsofJoinSyntax syntax = new AsofJoinSyntax(type.symbol(position), kind == Kind.AJ0, tolerance);
                return using != null ? syntax.using(left, right, using) : syntax.on(left, right, match, on);
            }
        }
    }

    private String named() {
        return (kind.isAsof() ? "an " : "a ") + kind + " JOIN";
    }

    static EngineException error(SqlParserPos position, String message) {
        return new EngineException(
                ErrorCode.SYNTAX_ERROR, message, position.getLineNum(), position.getColumnNum(), null);
    }
}
