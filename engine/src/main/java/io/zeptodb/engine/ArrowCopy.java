package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.copy.ArrowOptions;
import io.zeptodb.engine.copy.ArrowSink;
import io.zeptodb.engine.copy.ArrowSource;
import io.zeptodb.engine.copy.CopyFormat;
import io.zeptodb.engine.exec.ExecutionContext;
import io.zeptodb.engine.exec.ExpressionEvaluator;
import io.zeptodb.engine.function.Casts;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.store.ExternalFile;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * COPY of Arrow files. What is read has the types of the file; where the table's are others the casts of SQL are used, as INSERT … SELECT uses them. One
 * statement, one thread.
 */
final class ArrowCopy implements AutoCloseable {
    private final ArrowSource source;
    private final List<String> names;
    private final List<ColumnType> types;
    private final ExecutionContext context;
    private final @Nullable ExpressionEvaluator[] casts;
    private final ColumnVector[] typed;
    private final SelectionVector one = new SelectionVector(1);

    private ArrowCopy(ArrowSource source, List<String> names, List<ColumnType> types, Execution execution) {
        this.source = source;
        this.names = names;
        this.types = types;
        this.context = execution.context();
        this.casts = new ExpressionEvaluator[types.size()];
        this.typed = new ColumnVector[types.size()];
    }

    /** Rows stored. */
    static long from(Statement.CopyFrom copy, EngineSession session, Execution execution) {
        ArrowOptions.parse(CopyFormat.of(copy.file(), copy.options()), copy.options());
        session.checkPath("COPY", copy.file());
        ExternalFile file = new ExternalFile(copy.file());
        List<String> names = CopyRunner.names(copy);
        List<ColumnType> types = CopyRunner.types(copy);
        long total = file.size();
        long rows = 0;
        try (ArrowSource source = new ArrowSource(file, names, execution.budget());
                ArrowCopy columns = new ArrowCopy(source, names, types, execution);
                RowTarget target = new RowTarget(copy.table(), copy.ordinals(), execution.budget());
                StatementChanges changes = session.changes(execution)) {
            for (Batch batch = source.next(); batch != null; batch = source.next()) {
                execution.context().checkCancelled();
                ColumnVector[] typed = target.columns(columns.convert(batch));
                rows += CopyRunner.append(changes, copy, typed, null, batch.rowCount());
                session.progressed(source.bytesRead(), total);
            }
            changes.finish();
        }
        return rows;
    }

    private ColumnVector[] convert(Batch batch) {
        for (int i = 0; i < typed.length; i++) {
            ColumnVector column = batch.column(i);
            typed[i] = isStoredAs(column.type(), types.get(i)) ? column : cast(batch, i);
        }
        return typed;
    }

    /** Whether a table takes such columns as they are: narrower ones are widened, texts become symbols, digits are checked. */
    private static boolean isStoredAs(ColumnType from, ColumnType to) {
        if (from.kind() == TypeKind.DECIMAL && to.kind() == TypeKind.DECIMAL) {
            return from.scale() == to.scale();
        }
        return from.kind() == TypeKind.NULL
                || from.kind() == to.kind()
                || (from.kind().isText() && to.kind().isText());
    }

    private ColumnVector cast(Batch batch, int column) {
        ExpressionEvaluator cast = casts[column];
        if (cast == null) {
            cast = new ExpressionEvaluator(conversion(batch.column(column).type(), column), context);
            casts[column] = cast;
        }
        try {
            return cast.evaluate(batch);
        } catch (EngineException e) {
            if (e.code() == ErrorCode.OUT_OF_MEMORY) {
                throw e;
            }
            throw located(cast, batch, column, e);
        }
    }

    private Expression conversion(ColumnType from, int column) {
        ColumnType to = types.get(column);
        Expression value = new Expression.Column(column, from);
        if (Casts.find(from, to, false) == null) {
            throw new EngineException(
                    ErrorCode.DATATYPE_MISMATCH,
                    source.place(0) + ": column '" + names.get(column) + "' is " + to + ", the file has " + from
                            + ", which is not converted to it");
        }
        return new Expression.Cast(value, to, false);
    }

    /** Finds the row that failed by trying them one by one: only when the statement fails anyway. */
    private EngineException located(ExpressionEvaluator cast, Batch batch, int column, EngineException failure) {
        for (int row = 0; row < batch.rowCount(); row++) {
            one.positions()[0] = row;
            one.setCount(1);
            try {
                cast.evaluate(batch, one);
            } catch (EngineException e) {
                return new EngineException(
                        ErrorCode.BAD_COPY_FILE,
                        source.place(row) + ", column '" + names.get(column) + "': expected " + types.get(column) + ": "
                                + e.getMessage(),
                        e);
            }
        }
        return failure;
    }

    @Override
    public void close() {
        for (ExpressionEvaluator cast : casts) {
            if (cast != null) {
                cast.close();
            }
        }
    }

    /** Rows written to the file. */
    static long to(Statement.CopyTo copy, EngineSession session, Execution execution) {
        ArrowOptions options = ArrowOptions.parse(CopyFormat.of(copy.file(), copy.options()), copy.options());
        session.checkPath("COPY", copy.file());
        ExternalFile file = new ExternalFile(copy.file());
        List<Field> fields = new ArrayList<>();
        List<ColumnType> types = new ArrayList<>();
        for (PlanColumn column : copy.source().columns()) {
            fields.add(ArrowSink.field(column.name(), column.type(), column.nullable(), fields.size()));
            types.add(column.type());
        }
        Schema schema = new Schema(fields);
        return CopyRunner.write(
                copy.source(),
                file,
                execution,
                output -> new ArrowSink(file, output, options, schema, types, execution.budget()));
    }
}
