package io.zeptodb.engine.sql.ast;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** ALTER TABLE name action, … */
public final class AlterTableNode extends StatementNode {
    private final SqlIdentifier table;
    private final List<Action> actions;

    public AlterTableNode(SqlParserPos position, SqlIdentifier table, List<Action> actions) {
        super(position, "ALTER TABLE");
        this.table = table;
        this.actions = List.copyOf(actions);
    }

    /** What is to change. */
    public sealed interface Action {}

    /** ADD [COLUMN] [IF NOT EXISTS] name type [NOT NULL]. */
    public record Add(ColumnNode column, boolean ifNotExists) implements Action {}

    /** DROP [COLUMN] [IF EXISTS] name [CASCADE | RESTRICT]. */
    public record Drop(SqlIdentifier column, boolean ifExists, boolean cascade) implements Action {}

    /** RENAME [COLUMN] name TO name. */
    public record Rename(SqlIdentifier from, SqlIdentifier to) implements Action {}

    /** RENAME TO name. */
    public record RenameTable(SqlIdentifier to) implements Action {}

    /**
     * SET TTL.
     *
     * @param age as text, e.g. {@code 30 DAYS}; empty for NONE
     * @param position of SET
     */
    public record SetTtl(String age, SqlParserPos position) implements Action {}

    /**
     * SET STORAGE POLICY.
     *
     * @param steps empty for NONE
     * @param position of SET
     */
    public record SetStoragePolicy(List<TierNode> steps, SqlParserPos position) implements Action {}

    /** SET ATTRIBUTE column attribute. */
    public record SetAttribute(SqlIdentifier column, SqlIdentifier attribute) implements Action {}

    public SqlIdentifier table() {
        return table;
    }

    /** At least one, in the order in which they are made. */
    public List<Action> actions() {
        return actions;
    }
}
