package io.zeptodb.engine.sql.ast;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** COPY table [(columns)] FROM 'file' or COPY table | (query) TO 'file', with options. */
public final class CopyNode extends StatementNode {
    private final @Nullable SqlIdentifier table;
    private final @Nullable SqlNodeList columns;
    private final @Nullable SqlNode query;
    private final SqlNode file;
    private final List<OptionNode> options;
    private final boolean isFrom;

    private CopyNode(SqlParserPos position, Source source, SqlNode file, List<OptionNode> options, boolean isFrom) {
        super(position, "COPY");
        this.table = source.table();
        this.columns = source.columns();
        this.query = source.query();
        this.file = file;
        this.options = List.copyOf(options);
        this.isFrom = isFrom;
    }

    private record Source(
            @Nullable SqlIdentifier table,
            @Nullable SqlNodeList columns,
            @Nullable SqlNode query) {}

    /** COPY table (columns) FROM file. */
    public static CopyNode from(
            SqlParserPos position,
            SqlIdentifier table,
            @Nullable SqlNodeList columns,
            SqlNode file,
            List<OptionNode> options) {
        return new CopyNode(position, new Source(table, columns, null), file, options, true);
    }

    /** COPY table (columns) TO file. */
    public static CopyNode to(
            SqlParserPos position,
            SqlIdentifier table,
            @Nullable SqlNodeList columns,
            SqlNode file,
            List<OptionNode> options) {
        return new CopyNode(position, new Source(table, columns, null), file, options, false);
    }

    /** COPY (query) TO file. */
    public static CopyNode to(SqlParserPos position, SqlNode query, SqlNode file, List<OptionNode> options) {
        return new CopyNode(position, new Source(null, null, query), file, options, false);
    }

    public boolean isFrom() {
        return isFrom;
    }

    /** Null when a query stands there. */
    public @Nullable SqlIdentifier table() {
        return table;
    }

    /** Null for all columns. */
    public @Nullable SqlNodeList columns() {
        return columns;
    }

    /** Null when a table stands there. */
    public @Nullable SqlNode query() {
        return query;
    }

    public String file() {
        return OptionNode.textOf(file);
    }

    public List<OptionNode> options() {
        return options;
    }
}
