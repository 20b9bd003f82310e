package io.zeptodb.engine.plan;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.SchemaChange;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a text becomes: a plan for a query, plain data for everything else. Immutable; kept in the plan cache. */
public sealed interface Statement {
    /** A query, and EXPLAIN, SHOW TABLES, DESCRIBE, whose rows are constant. */
    record Query(PhysicalPlan plan, List<ResultColumn> columns, List<ColumnType> parameters) implements Statement {}

    /**
     * INSERT: the plan's columns go to the table's columns {@code ordinals}, already cast; the others are NULL.
     *
     * @param valuesRow the expressions of {@code VALUES (…)} when the source is one row of literals and parameters, so that batches go in
     *     as columns; else null
     */
    record Insert(
            TableMetadata table,
            List<Integer> ordinals,
            PhysicalPlan source,
            @Nullable List<Expression> valuesRow,
            List<ColumnType> parameters)
            implements Statement {}

    /** CREATE TABLE; with a source for AS SELECT. */
    record CreateTable(
            TableSchema schema,
            boolean ifNotExists,
            @Nullable PhysicalPlan source,
            List<ColumnType> parameters) implements Statement {}

    /** @param views those that read it, in an order in which they can be dropped: they go before it */
    record DropTable(String table, boolean ifExists, List<String> views) implements Statement {}

    /**
     * CREATE VIEW.
     *
     * @param view gets an id of its own
     */
    record CreateView(ViewMetadata view, boolean orReplace, boolean ifNotExists) implements Statement {}

    /** DROP VIEW, in this order. */
    record DropViews(List<String> views) implements Statement {}

    /**
     * UPDATE: the source gives all columns of the table as they become, already cast, and behind them the sequence of the row that they
     * replace; a row at most once.
     *
     * @param ordinals the columns that SET names
     */
    record Update(TableMetadata table, List<Integer> ordinals, PhysicalPlan source, List<ColumnType> parameters)
            implements Statement {}

    /** DELETE: the source gives the sequences of the rows, each once. */
    record Delete(TableMetadata table, PhysicalPlan source, List<ColumnType> parameters) implements Statement {}

    /**
     * MERGE: the source gives all columns of the table as they become, one of the actions, and the sequence of the row that goes, NULL where one only
     * comes.
     */
    record Merge(TableMetadata table, PhysicalPlan source, List<ColumnType> parameters) implements Statement {
        public static final int NOTHING = 0;
        public static final int UPDATE = 1;
        public static final int DELETE = 2;
        public static final int INSERT = 3;
    }

    record Truncate(TableMetadata table) implements Statement {}

    /**
     * ALTER TABLE. The changes fit the table as it was when the text was validated; none when IF [NOT] EXISTS left nothing to do.
     *
     * @param views those that read a column which goes, in an order in which they can be dropped: they go before it
     */
    record AlterTable(TableMetadata table, List<SchemaChange> changes, List<String> views) implements Statement {}

    /** BEGIN. */
    record Begin(boolean readOnly) implements Statement {}

    /** SET TRANSACTION READ ONLY, or READ WRITE. */
    record SetTransaction(boolean readOnly) implements Statement {}

    record Commit() implements Statement {}

    record Rollback() implements Statement {}

    record Checkpoint() implements Statement {}

    /** BACKUP TO 'folder'. */
    record Backup(String folder) implements Statement {}

    /** SET option = value of the session. */
    record SetOption(String name, String value) implements Statement {}

    /** COPY table FROM 'file'. Options by lower-case name. */
    record CopyFrom(TableMetadata table, List<Integer> ordinals, String file, Map<String, String> options)
            implements Statement {}

    /** COPY table or query TO 'file'. */
    record CopyTo(PhysicalPlan source, String file, Map<String, String> options) implements Statement {}

    /** EXPLAIN ANALYZE: runs the statement, its changes included, and tells what its operators did. */
    record ExplainAnalyze(Statement statement) implements Statement {
        @Override
        public List<ColumnType> parameters() {
            return statement.parameters();
        }
    }

    /** Whether it changes tables or their rows: what a read-only transaction or database refuses. */
    default boolean writes() {
        return this instanceof Insert
                || this instanceof Update
                || this instanceof Delete
                || this instanceof Merge
                || this instanceof Truncate
                || this instanceof CopyFrom
                || (this instanceof ExplainAnalyze analyze
                        && analyze.statement().writes())
                || definesTables();
    }

    /** Whether it is a query without a row of a table or view. */
    default boolean readsNoTable() {
        return this instanceof Query query && query.plan().readsNoTable();
    }

    /** Whether it changes which tables there are, or what they are. */
    default boolean definesTables() {
        return this instanceof CreateTable
                || this instanceof DropTable
                || this instanceof AlterTable
                || this instanceof CreateView
                || this instanceof DropViews;
    }

    /** Types of the question marks, in their order. */
    default List<ColumnType> parameters() {
        return List.of();
    }
}
