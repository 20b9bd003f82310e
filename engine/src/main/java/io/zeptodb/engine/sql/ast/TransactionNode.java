package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.parser.SqlParserPos;

/** BEGIN, START TRANSACTION, COMMIT, END, ROLLBACK. */
public final class TransactionNode extends StatementNode {
    /** What it does. */
    public enum Step {
        BEGIN,
        MODES,
        COMMIT,
        ROLLBACK
    }

    private final Step step;
    private final boolean readOnly;

    private TransactionNode(SqlParserPos position, Step step, boolean readOnly) {
        super(position, step.name());
        this.step = step;
        this.readOnly = readOnly;
    }

    public static TransactionNode begin(SqlParserPos position, boolean readOnly) {
        return new TransactionNode(position, Step.BEGIN, readOnly);
    }

    /** SET TRANSACTION. */
    public static TransactionNode modes(SqlParserPos position, boolean readOnly) {
        return new TransactionNode(position, Step.MODES, readOnly);
    }

    public static TransactionNode commit(SqlParserPos position) {
        return new TransactionNode(position, Step.COMMIT, false);
    }

    public static TransactionNode rollback(SqlParserPos position) {
        return new TransactionNode(position, Step.ROLLBACK, false);
    }

    public Step step() {
        return step;
    }

    public boolean readOnly() {
        return readOnly;
    }
}
