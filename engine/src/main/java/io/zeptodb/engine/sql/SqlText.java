package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.parser.ZeptoSqlParser;
import io.zeptodb.engine.sql.schema.Keywords;
import java.io.IOException;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.util.SourceStringReader;

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

    /** Whether a word means something to the grammar, reserved or not: in quotes it is a name everywhere. */
    static boolean isKeyword(String word) {
        return Keywords.isKeyword(word);
    }

    /** As {@link #parse(String, Runnable)}, of a text that was parsed before. */
    static SqlNode parse(String sql) throws SqlParseException {
        return parse(sql, () -> {});
    }

    /**
     * Parses one statement; a semicolon may follow it.
     *
     * @param stopCheck throws when that shall end; called every few thousand characters. What it throws is a cause of what comes out here
     */
    static SqlNode parse(String sql, Runnable stopCheck) throws SqlParseException {
        SqlNodeList statements =
                SqlParser.create(new WatchedReader(sql, stopCheck), CONFIG).parseStmtList();
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

    /** The parser reads a buffer at a time and asks for the next one when it comes to its end. */
    private static final class WatchedReader extends SourceStringReader {
        private final Runnable stopCheck;

        WatchedReader(String sql, Runnable stopCheck) {
            super(sql);
            this.stopCheck = stopCheck;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            stopCheck.run();
            return super.read(buffer, offset, length);
        }
    }
}
