package io.zeptodb.engine.sql;

import io.zeptodb.engine.sql.parser.Token;
import io.zeptodb.engine.sql.parser.ZeptoSqlParserConstants;
import java.util.Set;

/**
 * Which token of a statement does not fit. Having looked ahead, the parser stops before the first token that it saw: before FROM where a table is missing
 * behind it.
 */
final class RefusedToken {
    /** Behind these something must come that has a value or a name. */
    private static final Set<Integer> WANTING = Set.of(
            ZeptoSqlParserConstants.SELECT,
            ZeptoSqlParserConstants.FROM,
            ZeptoSqlParserConstants.WHERE,
            ZeptoSqlParserConstants.HAVING,
            ZeptoSqlParserConstants.BY,
            ZeptoSqlParserConstants.ON,
            ZeptoSqlParserConstants.AND,
            ZeptoSqlParserConstants.OR,
            ZeptoSqlParserConstants.NOT,
            ZeptoSqlParserConstants.WHEN,
            ZeptoSqlParserConstants.THEN,
            ZeptoSqlParserConstants.ELSE,
            ZeptoSqlParserConstants.COMMA,
            ZeptoSqlParserConstants.LPAREN,
            ZeptoSqlParserConstants.EQ,
            ZeptoSqlParserConstants.LT,
            ZeptoSqlParserConstants.GT,
            ZeptoSqlParserConstants.LE,
            ZeptoSqlParserConstants.GE,
            ZeptoSqlParserConstants.NE,
            ZeptoSqlParserConstants.PLUS,
            ZeptoSqlParserConstants.MINUS,
            ZeptoSqlParserConstants.SLASH,
            ZeptoSqlParserConstants.CONCAT);

    /** None of these begins a value or a name. */
    private static final Set<Integer> NO_BEGIN = Set.of(
            ZeptoSqlParserConstants.COMMA,
            ZeptoSqlParserConstants.RPAREN,
            ZeptoSqlParserConstants.EQ,
            ZeptoSqlParserConstants.LT,
            ZeptoSqlParserConstants.GT,
            ZeptoSqlParserConstants.LE,
            ZeptoSqlParserConstants.GE,
            ZeptoSqlParserConstants.NE,
            ZeptoSqlParserConstants.SLASH,
            ZeptoSqlParserConstants.CONCAT,
            ZeptoSqlParserConstants.FROM,
            ZeptoSqlParserConstants.WHERE,
            ZeptoSqlParserConstants.GROUP,
            ZeptoSqlParserConstants.HAVING,
            ZeptoSqlParserConstants.ORDER,
            ZeptoSqlParserConstants.LIMIT,
            ZeptoSqlParserConstants.AND,
            ZeptoSqlParserConstants.OR);

    private RefusedToken() {}

    /** @param before the last token that the parser took */
    static Token behind(Token before) {
        Token refused = before.next;
        boolean nothingBegins = WANTING.contains(before.kind) && NO_BEGIN.contains(refused.kind);
        // the grammar looks for FOR SYSTEM_TIME, which we have not
        if (nothingBegins || refused.kind == ZeptoSqlParserConstants.FOR) {
            return refused;
        }
        Token next = refused.next;
        // of the tables of FROM the grammar looks at as many tokens as there are: how far it came says nothing
        if (refused.kind == ZeptoSqlParserConstants.EOF || next == null || (next.next != null && !isEnd(next))) {
            return refused;
        }
        // the parser may have looked at the end for another reading of what stands before it
        return isEnd(next) && !ReservedNames.isReserved(refused) ? refused : next;
    }

    private static boolean isEnd(Token token) {
        return token.kind == ZeptoSqlParserConstants.EOF;
    }
}
