package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.SchemaChange;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.exec.ExecutionContext;
import io.zeptodb.engine.plan.Statement;

/** Runs ALTER TABLE: the changes one after the other, each to the table as those before it leave it. */
final class TableAlteration {
    private TableAlteration() {}

    /** @param context what the statement reads: whether the table has rows */
    static void run(Statement.AlterTable alter, StatementChanges changes, ExecutionContext context) {
        TableMetadata from = alter.table();
        TableMetadata to = from;
        for (SchemaChange change : alter.changes()) {
            if (change instanceof SchemaChange.AddColumn add
                    && !add.column().nullable()
                    && context.snapshot().table(from.id()).rowCount() > 0) {
                throw new EngineException(
                        ErrorCode.NULL_NOT_ALLOWED,
                        "cannot add column '" + add.column().name() + "' to table '" + from.name()
                                + "': it is NOT NULL, and the table has rows, which would be NULL there");
            }
            to = change.apply(to);
        }
        if (!to.equals(from)) {
            alter.views().forEach(changes::dropView);
            changes.alterTable(from, to);
        }
    }
}
