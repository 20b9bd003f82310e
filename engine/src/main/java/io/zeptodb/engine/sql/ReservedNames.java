package io.zeptodb.engine.sql;

import io.zeptodb.engine.sql.parser.Token;
import io.zeptodb.engine.sql.parser.ZeptoSqlParserConstants;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the word of the grammar that somebody took for a name, where the parser only says that it cannot go on: having looked ahead to the word, it stops
 * one token before it.
 */
final class ReservedNames {
    /** Words that are rather there in their own right where something before them is wrong: {@code SELECT a, FROM t}. */
    private static final Set<String> CLAUSES = Set.of(
            "SELECT",
            "FROM",
            "WHERE",
            "GROUP",
            "ORDER",
            "HAVING",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "UNION",
            "INTERSECT",
            "EXCEPT",
            "WITH",
            "VALUES",
            "INSERT",
            "UPDATE",
            "DELETE",
            "CREATE",
            "DROP",
            "ALTER",
            "TABLE",
            "SET",
            "INTO",
            "ON",
            "USING",
            "JOIN",
            "INNER",
            "LEFT",
            "RIGHT",
            "FULL",
            "CROSS",
            "NATURAL",
            "ASOF",
            "AS",
            "BY",
            "AND",
            "OR",
            "NOT",
            "IN",
            "IS",
            "LIKE",
            "ILIKE",
            "BETWEEN",
            "EXISTS",
            "CASE",
            "WHEN",
            "THEN",
            "ELSE",
            "END",
            "NULL",
            "TRUE",
            "FALSE",
            "DISTINCT",
            "ALL",
            "OVER",
            "WINDOW",
            "QUALIFY",
            "TO",
            "FOR",
            "ASC",
            "DESC",
            "LATERAL",
            "UNNEST",
            "CAST",
            "INTERVAL",
            "ARRAY",
            "ROW",
            "EXTRACT",
            "ANY",
            "SOME");

    /** What stands behind AS that is no name. */
    private static final Set<String> BODIES = Set.of("SELECT", "WITH", "VALUES", "TABLE", "INTERVAL", "ROW", "ARRAY");

    private ReservedNames() {}

    /**
     * The word, or null when nothing tells that one was meant as a name.
     *
     * @param before the last token that the parser took
     */
    static @Nullable Token find(Token before, String sql) {
        for (Token token = before; token.next != null && token != before.next.next; token = token.next) {
            if (isReserved(token.next) && isName(token, token.next, sql)) {
                return token.next;
            }
        }
        return null;
    }

    /** Whether a name may stand behind a token, and nothing else that is said by this word. */
    private static boolean isName(Token before, Token word, String sql) {
        return switch (before.kind) {
            case ZeptoSqlParserConstants.DOT, ZeptoSqlParserConstants.COLUMN, ZeptoSqlParserConstants.ADD -> true;
            case ZeptoSqlParserConstants.AS -> !BODIES.contains(upper(word));
            case ZeptoSqlParserConstants.SELECT,
                    ZeptoSqlParserConstants.BY,
                    ZeptoSqlParserConstants.FROM,
                    ZeptoSqlParserConstants.INTO,
                    ZeptoSqlParserConstants.JOIN,
                    ZeptoSqlParserConstants.TABLE,
                    ZeptoSqlParserConstants.UPDATE,
                    ZeptoSqlParserConstants.LPAREN,
                    ZeptoSqlParserConstants.COMMA -> isDefinition(sql) || !CLAUSES.contains(upper(word));
            default -> false;
        };
    }

    /** What to do about it, behind a message. */
    static String remedy(Token word) {
        return "; a name that is a word of the grammar wants quotes: \"" + word.image + "\"";
    }

    /** Whether a token is a word that must stand in quotes to be a name. */
    static boolean isReserved(Token token) {
        return Character.isLetter(token.image.isEmpty() ? ' ' : token.image.charAt(0))
                && SqlText.isKeyword(token.image);
    }

    private static boolean isDefinition(String sql) {
        String start = sql.strip();
        return start.regionMatches(true, 0, "CREATE", 0, "CREATE".length())
                && start.toUpperCase(Locale.ROOT).indexOf("SELECT") < 0;
    }

    private static String upper(Token token) {
        return token.image.toUpperCase(Locale.ROOT);
    }
}
