package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.exec.ExpressionEvaluator;
import io.zeptodb.engine.exec.expression.BoxedValues;
import io.zeptodb.engine.function.Casts;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Statement;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/**
 * {@code INSERT … VALUES (?, …)} of parameters that come as columns: they go to the table as they are, or through the casts of SQL, without an object for a value.
 * The answer is that of {@link ParameterValues}, value by value, which also does what no cast does alike, and tells what is wrong when a cast fails. One statement,
 * one thread.
 */
final class ColumnInsert implements AutoCloseable {
    private final Statement.Insert insert;
    private final List<Expression> values;
    private final Execution execution;
    private final ParameterValues.Caster caster;
    private final RowTarget target;
    /** Of one piece of a batch, by parameter. */
    private final ColumnVector[] given;

    private final @Nullable ExpressionEvaluator[] casts;
    private final @Nullable WritableColumn[] written;
    /** Of one piece of a batch, by value of the row. */
    private final ColumnVector[] sources;

    private final @Nullable WritableColumn[] literals;
    /** In the batches before. */
    private long rowsBefore;

    /** @param values what {@code VALUES} has, parameters and literals */
    ColumnInsert(Statement.Insert insert, List<Expression> values, Execution execution, ParameterValues.Caster caster) {
        this.insert = insert;
        this.values = values;
        this.execution = execution;
        this.caster = caster;
        int parameters = insert.parameters().size();
        this.given = new ColumnVector[parameters];
        this.casts = new ExpressionEvaluator[parameters];
        this.written = new WritableColumn[parameters];
        this.sources = new ColumnVector[values.size()];
        this.literals = new WritableColumn[values.size()];
        this.target = new RowTarget(insert.table(), insert.ordinals(), execution.budget());
        try {
            for (int i = 0; i < sources.length; i++) {
                if (values.get(i) instanceof Expression.Literal literal) {
                    sources[i] = constant(i, literal);
                }
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private ColumnVector constant(int value, Expression.Literal literal) {
        WritableColumn column = new WritableColumn(execution.budget(), literal.type());
        literals[value] = column;
        column.reserve(1);
        BoxedValues.write(column, 0, literal.value());
        column.setRowCount(1);
        return column.vector().asConstant(true);
    }

    /** Appends the rows of a batch, which stays the caller's. */
    void append(VectorSchemaRoot batch, @Nullable DictionaryProvider dictionaries, StatementChanges changes) {
        try (ParameterVectors parameters =
                new ParameterVectors(batch, dictionaries, given.length, rowsBefore, execution.budget())) {
            for (int from = 0; from < parameters.rowCount(); from += Batch.ROWS) {
                execution.context().checkCancelled();
                int count = Math.min(Batch.ROWS, parameters.rowCount() - from);
                ColumnVector[] columns = piece(parameters, from, count);
                changes.append(insert.table(), target.columns(columns), null, count);
            }
            rowsBefore += parameters.rowCount();
        }
    }

    private ColumnVector[] piece(ParameterVectors parameters, int from, int count) {
        for (int i = 0; i < given.length; i++) {
            ColumnVector column = parameters.column(i);
            ColumnVector part = given[i];
            if (part == null || !part.type().equals(column.type())) {
                part = new ColumnVector(column.type());
                given[i] = part;
                closeCast(i);
            }
            part.pointFrom(column, from);
        }
        Batch batch = new Batch(given).set(count, null);
        try {
            for (int i = 0; i < sources.length; i++) {
                if (values.get(i) instanceof Expression.Parameter parameter) {
                    sources[i] = converted(parameter, parameters, batch, from);
                }
            }
        } catch (EngineException e) {
            throw explained(e, parameters, from, count);
        }
        return sources;
    }

    private ColumnVector converted(Expression.Parameter parameter, ParameterVectors parameters, Batch batch, int from) {
        int index = parameter.index();
        ColumnType to = parameter.type();
        ColumnVector column = given[index];
        if (column.type().kind() == TypeKind.NULL || ParameterValues.fits(column.type(), to)) {
            return column;
        }
        if (ParameterValues.isCast(column.type(), to) && Casts.find(column.type(), to, false) != null) {
            ExpressionEvaluator cast = casts[index];
            if (cast == null) {
                Expression value = new Expression.Column(index, column.type());
                cast = new ExpressionEvaluator(new Expression.Cast(value, to, false), execution.context());
                casts[index] = cast;
            }
            return cast.evaluate(batch);
        }
        return valueByValue(index, to, parameters, from, batch.rowCount());
    }

    private ColumnVector valueByValue(int index, ColumnType to, ParameterVectors parameters, int from, int count) {
        WritableColumn column = written[index];
        if (column == null) {
            column = new WritableColumn(execution.budget(), to);
            written[index] = column;
        }
        column.clear();
        column.reserve(count);
        for (int i = 0; i < count; i++) {
            Object value = parameters.value(index, from + i);
            BoxedValues.write(column, i, ParameterValues.convertToStore(value, to, index, caster));
        }
        column.setRowCount(count);
        return column.vector();
    }

    /** What is wrong with the first row that cannot be converted; the failure itself when all can. */
    private EngineException explained(EngineException failure, ParameterVectors parameters, int from, int count) {
        for (int i = 0; i < count; i++) {
            try {
                BatchRows.convert(insert, parameters.row(from + i), rowsBefore + from + i, caster);
            } catch (EngineException e) {
                return e;
            }
        }
        return failure;
    }

    private void closeCast(int parameter) {
        ExpressionEvaluator cast = casts[parameter];
        casts[parameter] = null;
        if (cast != null) {
            cast.close();
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < casts.length; i++) {
            closeCast(i);
        }
        closeAll(written);
        closeAll(literals);
        target.close();
    }

    private static void closeAll(@Nullable WritableColumn[] columns) {
        for (WritableColumn column : columns) {
            if (column != null) {
                column.close();
            }
        }
    }
}
