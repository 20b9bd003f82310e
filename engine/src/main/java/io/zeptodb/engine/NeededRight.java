package io.zeptodb.engine;

import io.zeptodb.engine.plan.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What a statement wants of who runs it, besides the right to read all that it names: what may not be read is not there when it is planned.
 *
 * @param what it does, for messages
 * @param table whose rows it changes; null when it changes none
 */
record NeededRight(Kind kind, String what, @Nullable String table) {
    enum Kind {
        /** Whatever it does with what it may read anybody may do. */
        READ,
        /** Changes rows of a table. */
        WRITE,
        /** Writes files of the server's machine. */
        WRITE_FILES,
        /** Changes what the database is. */
        ADMIN
    }

    private static final NeededRight NONE = new NeededRight(Kind.READ, "read", null);

    /** A statement that is none of these is an administrator's. */
    static NeededRight of(Statement statement) {
        if (statement instanceof Statement.Query) {
            return NONE;
        } else if (statement instanceof Statement.CopyTo copy) {
            return new NeededRight(Kind.WRITE_FILES, "copy to file '" + copy.file() + "'", null);
        } else if (statement instanceof Statement.ExplainAnalyze analyze) {
            return of(analyze.statement());
        } else if (statement instanceof Statement.Begin
                || statement instanceof Statement.SetTransaction
                || statement instanceof Statement.Commit
                || statement instanceof Statement.Rollback
                || statement instanceof Statement.SetOption) {
            return NONE;
        }
        NeededRight ofRows = ofRows(statement);
        return ofRows == null ? new NeededRight(Kind.ADMIN, definition(statement), null) : ofRows;
    }

    private static @Nullable NeededRight ofRows(Statement statement) {
        if (statement instanceof Statement.Insert insert) {
            return write("insert into", insert.table().name());
        } else if (statement instanceof Statement.Update update) {
            return write("update", update.table().name());
        } else if (statement instanceof Statement.Delete delete) {
            return write("delete from", delete.table().name());
        } else if (statement instanceof Statement.Merge merge) {
            return write("merge into", merge.table().name());
        } else if (statement instanceof Statement.Truncate truncate) {
            return write("truncate", truncate.table().name());
        } else if (statement instanceof Statement.CopyFrom copy) {
            return write("copy into", copy.table().name());
        }
        return null;
    }

    private static NeededRight write(String what, String table) {
        return new NeededRight(Kind.WRITE, what, table);
    }

    private static String definition(Statement statement) {
        if (statement instanceof Statement.CreateTable create) {
            return "create table '" + create.schema().name() + "'";
        } else if (statement instanceof Statement.DropTable drop) {
            return "drop table '" + drop.table() + "'";
        } else if (statement instanceof Statement.AlterTable alter) {
            return "alter table '" + alter.table().name() + "'";
        } else if (statement instanceof Statement.CreateView create) {
            return "create view '" + create.view().name() + "'";
        } else if (statement instanceof Statement.DropViews) {
            return "drop views";
        } else if (statement instanceof Statement.Checkpoint) {
            return "run CHECKPOINT";
        } else if (statement instanceof Statement.Backup) {
            return "run BACKUP";
        }
        return "run such a statement";
    }
}
