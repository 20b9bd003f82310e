package io.zeptodb.engine.sql.ast;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** CREATE TABLE [IF NOT EXISTS] name [(columns)] [TIMESTAMP(…)] [PARTITION BY …] [WITH (…)] [DEDUP UPSERT KEYS (…)] [AS query]. */
public final class CreateTableNode extends StatementNode {
    private final SqlIdentifier name;
    private final boolean ifNotExists;
    private final List<ColumnNode> columns;
    private final Layout layout;
    private final @Nullable SqlNode query;

    /**
     * What stands behind the columns.
     *
     * @param timestamp TIMESTAMP(…), or null
     * @param partitions PARTITION BY, or null
     * @param options WITH (…)
     * @param dedupKeys DEDUP UPSERT KEYS (…), or null
     */
    public record Layout(
            @Nullable SqlIdentifier timestamp,
            @Nullable List<PartitionNode> partitions,
            List<OptionNode> options,
            @Nullable SqlNodeList dedupKeys) {}

    public CreateTableNode(
            SqlParserPos position,
            SqlIdentifier name,
            boolean ifNotExists,
            List<ColumnNode> columns,
            Layout layout,
            @Nullable SqlNode query) {
        super(position, "CREATE TABLE");
        this.name = name;
        this.ifNotExists = ifNotExists;
        this.columns = List.copyOf(columns);
        this.layout = layout;
        this.query = query;
    }

    public SqlIdentifier name() {
        return name;
    }

    public boolean ifNotExists() {
        return ifNotExists;
    }

    /** Empty when the columns are the query's. */
    public List<ColumnNode> columns() {
        return columns;
    }

    public Layout layout() {
        return layout;
    }

    public @Nullable SqlNode query() {
        return query;
    }
}
