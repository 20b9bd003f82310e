package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.copy.CsvOptions;
import io.zeptodb.engine.copy.CsvSource;
import io.zeptodb.engine.copy.SkippedLine;
import io.zeptodb.engine.copy.TimestampColumn;
import io.zeptodb.engine.exec.ExpressionEvaluator;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.store.ExternalFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the text columns of a file the types of the table's columns, by the casts of SQL. A text that is no value of its type is an
 * error with file, line and column, or, when bad lines are skipped, takes its row out of the selection. One thread.
 */
final class CopyColumns implements AutoCloseable {
    private final CsvSource source;
    private final ExternalFile file;
    private final boolean skips;
    private final List<String> names;
    private final List<ColumnType> types;
    private final boolean[] required;
    private final @Nullable ExpressionEvaluator[] casts;
    private final @Nullable TimestampColumn[] timestamps;
    private final ColumnVector[] typed;
    private final SelectionVector one = new SelectionVector(1);
    private final SelectionVector kept = new SelectionVector(Batch.ROWS);
    private boolean someSkipped;
    private long skipped;
    private @Nullable SkippedLine firstSkipped;

    CopyColumns(CsvSource source, ExternalFile file, CsvOptions options, Statement.CopyFrom copy, Execution execution) {
        this.source = source;
        this.file = file;
        this.skips = options.skipBadLines();
        this.names = CopyRunner.names(copy);
        this.types = CopyRunner.types(copy);
        this.required = new boolean[types.size()];
        for (int i = 0; i < required.length; i++) {
            required[i] =
                    !copy.table().schema().columns().get(copy.ordinals().get(i)).nullable();
        }
        this.casts = new ExpressionEvaluator[types.size()];
        this.timestamps = new TimestampColumn[types.size()];
        this.typed = new ColumnVector[types.size()];
        for (int i = 0; i < casts.length; i++) {
            ColumnType type = types.get(i);
            if (type.kind() == TypeKind.TIMESTAMP && TimestampColumn.isNeeded(options)) {
                timestamps[i] = new TimestampColumn(options, type, execution.budget());
            } else if (!type.kind().isText()) {
                Expression text = new Expression.Column(i, ColumnType.VARCHAR);
                casts[i] = new ExpressionEvaluator(new Expression.Cast(text, type, skips), execution.context());
            }
        }
    }

    /** Rows left out because a text was no value of its column's type. */
    long skipped() {
        return skipped;
    }

    /** The first of them, or null when there is none. */
    @Nullable
    SkippedLine firstSkipped() {
        return firstSkipped;
    }

    /** The columns of the batch in their types; valid until the next call. */
    ColumnVector[] convert(Batch batch) {
        for (int i = 0; i < typed.length; i++) {
            typed[i] = convert(batch, i);
            if (required[i] && !skips) {
                checkPresent(batch, i);
            }
        }
        someSkipped = skips && selectGood(batch);
        return typed;
    }

    /** The rows of the last batch that are good, or null when all are. */
    @Nullable
    SelectionVector selection() {
        return someSkipped ? kept : null;
    }

    private ColumnVector convert(Batch batch, int column) {
        ExpressionEvaluator cast = casts[column];
        TimestampColumn timestamp = timestamps[column];
        try {
            if (timestamp != null) {
                return timestamp.read(batch.column(column), batch.rowCount(), skips);
            }
            return cast == null ? batch.column(column) : cast.evaluate(batch);
        } catch (EngineException e) {
            if (e.code() == ErrorCode.OUT_OF_MEMORY) {
                throw e;
            }
            throw located(batch, column, e);
        }
    }

    private void checkPresent(Batch batch, int column) {
        for (int row = 0; row < batch.rowCount(); row++) {
            if (typed[column].isNull(row)) {
                throw new EngineException(
                        ErrorCode.NULL_NOT_ALLOWED,
                        "'" + file.path() + "' line " + source.line(row) + ", column '" + names.get(column)
                                + "': is NOT NULL, got NULL");
            }
        }
    }

    /** Finds the row that failed by trying them one by one: only when the statement fails anyway. */
    private EngineException located(Batch batch, int column, EngineException failure) {
        ExpressionEvaluator cast = casts[column];
        for (int row = 0; row < batch.rowCount(); row++) {
            one.positions()[0] = row;
            one.setCount(1);
            try {
                if (cast != null) {
                    cast.evaluate(batch, one);
                }
            } catch (EngineException e) {
                return at(batch, column, row, e);
            }
        }
        TimestampColumn timestamp = timestamps[column];
        int row = timestamp == null ? -1 : timestamp.failedRow();
        return row < 0 ? failure : at(batch, column, row, failure);
    }

    private EngineException at(Batch batch, int column, int row, EngineException cause) {
        return new EngineException(
                ErrorCode.BAD_COPY_FILE,
                "'" + file.path() + "' line " + source.line(row) + ", " + mismatch(batch, column, row) + ": "
                        + cause.getMessage(),
                cause);
    }

    private String mismatch(Batch batch, int column, int row) {
        if (batch.column(column).isNull(row)) {
            return "column '" + names.get(column) + "': is NOT NULL, got NULL";
        }
        return "column '" + names.get(column) + "': expected " + types.get(column) + ", got '"
                + batch.column(column).getText(row) + "'";
    }

    /** Rows where a text became NULL are bad: the lenient cast says so. So are those with a NULL that may not be. */
    private boolean selectGood(Batch batch) {
        int count = 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            int bad = -1;
            for (int i = typed.length - 1; i >= 0; i--) {
                bad = typed[i].isNull(row) && (required[i] || !batch.column(i).isNull(row)) ? i : bad;
            }
            kept.positions()[count] = row;
            count += bad < 0 ? 1 : 0;
            if (bad >= 0 && firstSkipped == null) {
                firstSkipped = new SkippedLine(source.line(row), mismatch(batch, bad, row));
            }
        }
        kept.setCount(count);
        skipped += batch.rowCount() - count;
        return count < batch.rowCount();
    }

    @Override
    public void close() {
        for (ExpressionEvaluator cast : casts) {
            if (cast != null) {
                cast.close();
            }
        }
        for (TimestampColumn timestamp : timestamps) {
            if (timestamp != null) {
                timestamp.close();
            }
        }
    }
}
