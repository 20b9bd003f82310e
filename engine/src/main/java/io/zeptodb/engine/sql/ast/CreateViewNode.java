package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** CREATE [OR REPLACE] [MATERIALIZED] VIEW [IF NOT EXISTS] name [(columns)] AS query. */
public final class CreateViewNode extends StatementNode {
    private final SqlIdentifier name;
    private final Manner manner;
    private final @Nullable SqlNodeList columns;
    private final SqlNode query;
    private final SqlParserPos queryPosition;

    /** The words around the name. */
    public record Manner(boolean orReplace, boolean materialized, boolean ifNotExists) {}

    /**
     * @param columns names of the columns, or null when they are the query's
     * @param queryPosition from the query's first to its last character
     */
    public CreateViewNode(
            SqlParserPos position,
            SqlIdentifier name,
            Manner manner,
            @Nullable SqlNodeList columns,
            SqlNode query,
            SqlParserPos queryPosition) {
        super(position, manner.materialized ? "CREATE MATERIALIZED VIEW" : "CREATE VIEW");
        this.name = name;
        this.manner = manner;
        this.columns = columns;
        this.query = query;
        this.queryPosition = queryPosition;
    }

    /** Where the query begins. */
    public static SqlParserPos start(int line, int column) {
        return new SqlParserPos(line, column);
    }

    public SqlIdentifier name() {
        return name;
    }

    public Manner manner() {
        return manner;
    }

    public @Nullable SqlNodeList columns() {
        return columns;
    }

    public SqlNode query() {
        return query;
    }

    public SqlParserPos queryPosition() {
        return queryPosition;
    }
}
