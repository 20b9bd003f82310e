package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.api.Warning;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.copy.CopyFormat;
import io.zeptodb.engine.copy.CopySink;
import io.zeptodb.engine.copy.CsvOptions;
import io.zeptodb.engine.copy.CsvSink;
import io.zeptodb.engine.copy.CsvSource;
import io.zeptodb.engine.copy.SkippedLine;
import io.zeptodb.engine.exec.ExecutionContext;
import io.zeptodb.engine.exec.Operator;
import io.zeptodb.engine.exec.Operators;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.store.ExternalFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** COPY: a file in or out, as one transaction. */
final class CopyRunner {
    private CopyRunner() {}

    /** Rows stored. */
    static long from(Statement.CopyFrom copy, EngineSession session, Execution execution) {
        if (CopyFormat.of(copy.file(), copy.options()).isArrow()) {
            return ArrowCopy.from(copy, session, execution);
        }
        CsvOptions options = CsvOptions.parse(copy.options());
        session.checkPath("COPY", copy.file());
        ExternalFile file = new ExternalFile(copy.file());
        List<String> names = names(copy);
        long total = file.size();
        long rows = 0;
        try (CsvSource source = new CsvSource(file, options, names, execution.budget());
                CopyColumns columns = new CopyColumns(source, file, options, copy, execution);
                RowTarget target = new RowTarget(copy.table(), copy.ordinals(), execution.budget());
                StatementChanges changes = session.changes(execution)) {
            for (Batch batch = source.next(); batch != null; batch = source.next()) {
                execution.context().checkCancelled();
                ColumnVector[] typed = columns.convert(batch);
                rows += append(changes, copy, target.columns(typed), columns.selection(), batch.rowCount());
                session.progressed(file.bytesRead(), total);
            }
            changes.finish();
            long skipped = source.skipped() + columns.skipped();
            session.setSkippedLines(skipped);
            if (skipped > 0) {
                execution.warn(
                        Warning.GENERAL, skippedLines(file, skipped, source.firstSkipped(), columns.firstSkipped()));
            }
        }
        return rows;
    }

    /** The names of the table's columns that the file has. */
    static List<String> names(Statement.CopyFrom copy) {
        TableSchema schema = copy.table().schema();
        return copy.ordinals().stream().map(i -> schema.columns().get(i).name()).toList();
    }

    /** Their types. */
    static List<ColumnType> types(Statement.CopyFrom copy) {
        TableSchema schema = copy.table().schema();
        return copy.ordinals().stream().map(schema::typeOf).toList();
    }

    private static String skippedLines(
            ExternalFile file, long skipped, @Nullable SkippedLine uneven, @Nullable SkippedLine mistyped) {
        boolean isUneven = mistyped == null || (uneven != null && uneven.line() < mistyped.line());
        SkippedLine first = Objects.requireNonNull(isUneven ? uneven : mistyped);
        return skipped + (skipped == 1 ? " line was" : " lines were") + " left out; the first: '" + file.path()
                + "' line " + first.line() + ", " + first.reason();
    }

    /** Adds rows; an error names the file. */
    static long append(
            StatementChanges changes,
            Statement.CopyFrom copy,
            ColumnVector[] columns,
            @Nullable SelectionVector selection,
            int rows) {
        try {
            return changes.append(copy.table(), columns, selection, rows);
        } catch (EngineException e) {
            if (e.code() == ErrorCode.OUT_OF_MEMORY || e.code() == ErrorCode.CLOSED) {
                throw e;
            }
            throw new EngineException(e.code(), "'" + copy.file() + "': " + e.getMessage(), e);
        }
    }

    /** Rows written to the file. */
    static long to(Statement.CopyTo copy, EngineSession session, Execution execution) {
        if (CopyFormat.of(copy.file(), copy.options()).isArrow()) {
            return ArrowCopy.to(copy, session, execution);
        }
        CsvOptions options = CsvOptions.parseToWrite(copy.options());
        session.checkPath("COPY", copy.file());
        ExternalFile file = new ExternalFile(copy.file());
        return write(
                asText(copy.source()),
                file,
                execution,
                output -> new CsvSink(file, output, options, names(copy.source())));
    }

    /** Writes the rows of a plan to a file that is there when all of them are. */
    static long write(
            PhysicalPlan plan,
            ExternalFile file,
            Execution execution,
            Function<ExternalFile.Output, CopySink> opening) {
        ExecutionContext context = execution.context();
        try (ExternalFile.Output output = file.create();
                Operator rows = Operators.open(plan, context);
                CopySink sink = opening.apply(output)) {
            for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
                context.checkCancelled();
                sink.write(batch);
            }
            sink.finish();
            output.commit();
            return sink.rows();
        }
    }

    private static List<String> names(PhysicalPlan source) {
        return source.columns().stream().map(PlanColumn::name).toList();
    }

    /** The source with every column cast to text: the casts are the ones that queries use. */
    private static PhysicalPlan asText(PhysicalPlan source) {
        List<Expression> casts = new ArrayList<>();
        List<PlanColumn> columns = new ArrayList<>();
        for (int i = 0; i < source.columns().size(); i++) {
            PlanColumn column = source.columns().get(i);
            Expression value = new Expression.Column(i, column.type());
            casts.add(
                    column.type().kind() == TypeKind.VARCHAR
                            ? value
                            : new Expression.Cast(value, ColumnType.VARCHAR, false));
            columns.add(new PlanColumn(column.name(), ColumnType.VARCHAR, true));
        }
        return new PhysicalPlan.Project(source, casts, columns);
    }
}
