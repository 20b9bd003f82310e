package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.parser.ZeptoSqlParser;
import java.io.StringReader;
import java.util.Locale;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.validate.SqlConformance;

/** Text to tree: the one caller of the generated parser. */
final class SqlText {
    /** What the grammar and the validator allow beyond the standard. */
    static final SqlConformance CONFORMANCE = SqlRules.INSTANCE;

    private static final SqlParser.Config CONFIG = SqlParser.config()
            .withParserFactory(ZeptoSqlParser.FACTORY)
            .withConformance(CONFORMANCE)
            .withQuoting(Quoting.DOUBLE_QUOTE)
            .withUnquotedCasing(Casing.UNCHANGED)
            .withQuotedCasing(Casing.UNCHANGED)
            .withCaseSensitive(false);

    private SqlText() {}

    /** Whether a word must stand in quotes to be a name. */
    static boolean isReserved(String word) {
        SqlAbstractParserImpl parser = ZeptoSqlParser.FACTORY.getParser(new StringReader(""));
        SqlAbstractParserImpl.Metadata words = parser.getMetadata();
        String upper = word.toUpperCase(Locale.ROOT);
        return words.isKeyword(upper) && !words.isNonReservedKeyword(upper);
    }

    /** Parses one statement; a semicolon may follow it. */
    static SqlNode parse(String sql) throws SqlParseException {
        SqlNodeList statements = SqlParser.create(sql, CONFIG).parseStmtList();
        if (statements.size() == 1) {
            return statements.get(0);
        }
        if (statements.isEmpty()) {
            throw new EngineException(ErrorCode.SYNTAX_ERROR, "the statement is empty");
        }
        throw TableNames.at(
                ErrorCode.SYNTAX_ERROR,
                "one statement at a time: there are " + statements.size(),
                statements.get(1).getParserPosition());
    }
}
