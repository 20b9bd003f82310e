package io.zeptodb.engine.sql;

import io.zeptodb.engine.sql.parser.ZeptoSqlParser;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;

/** Text to tree: the one caller of the generated parser. */
final class SqlText {
    /** What the grammar and the validator allow beyond the standard. */
    static final SqlConformance CONFORMANCE = SqlConformanceEnum.BABEL;

    private static final SqlParser.Config CONFIG = SqlParser.config()
            .withParserFactory(ZeptoSqlParser.FACTORY)
            .withConformance(CONFORMANCE)
            .withQuoting(Quoting.DOUBLE_QUOTE)
            .withUnquotedCasing(Casing.UNCHANGED)
            .withQuotedCasing(Casing.UNCHANGED)
            .withCaseSensitive(false);

    private SqlText() {}

    /** Parses one statement; a semicolon may follow it. */
    static SqlNode parse(String sql) throws SqlParseException {
        return SqlParser.create(sql, CONFIG).parseStmt();
    }
}
