package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.NestedShape;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.PhysicalPlan;
import org.jspecify.annotations.Nullable;

/**
 * Rows for the elements of arrays. An input batch stays where it is until all elements of its rows are given; output batches gather its columns and have the
 * elements written to columns of their own. One thread.
 */
final class UnnestOperator implements Operator {
    /** The place of an element that is not there: a row that is kept without one. */
    private static final int NONE = -1;

    private final Operator input;
    private final ExecutionContext context;
    private final PhysicalPlan.Unnest plan;
    private final ExpressionEvaluator[] arrays;
    private final NestedShape[] shapes;
    private final ColumnVector[] values;
    private final WritableColumn[] columns;
    private final int inputColumns;
    private final Batch output;
    private final int[] sources = new int[Batch.ROWS];
    private final int[] elements = new int[Batch.ROWS];
    private @Nullable Batch batch;
    private int place;
    private int element;

    /** Takes over the input, also when it fails. */
    UnnestOperator(PhysicalPlan.Unnest plan, ExecutionContext context, Operator input) {
        this.input = input;
        this.context = context;
        this.plan = plan;
        this.inputColumns = plan.input().columns().size();
        this.shapes = plan.arrays().stream()
                .map(array -> new NestedShape(array.type()))
                .toArray(NestedShape[]::new);
        this.values = new ColumnVector[shapes.length];
        this.columns = plan.types().stream()
                .map(type -> new WritableColumn(context.budget(), type))
                .toArray(WritableColumn[]::new);
        this.output = new Batch(new ColumnVector[columns.length]);
        this.arrays = Inputs.closingOnFailure(input, () -> ExpressionEvaluator.all(plan.arrays(), context));
    }

    @Override
    public @Nullable Batch next() {
        int count = 0;
        while (count == 0) {
            context.checkCancelled();
            Batch current = batch == null ? load() : batch;
            if (current == null) {
                return null;
            }
            count = collect(current);
            if (count > 0) {
                write(current, count);
            }
            if (place == current.selectedCount()) {
                batch = null;
            }
        }
        return output.set(count, null);
    }

    private @Nullable Batch load() {
        batch = input.next();
        place = 0;
        element = 0;
        for (int i = 0; batch != null && i < arrays.length; i++) {
            values[i] = arrays[i].evaluate(batch);
        }
        return batch;
    }

    /** Fills the lists of rows and elements that come out next. */
    private int collect(Batch current) {
        int count = 0;
        while (count < Batch.ROWS && place < current.selectedCount()) {
            int row = current.position(place);
            int length = length(row);
            if (length == 0 && plan.keepEmpty()) {
                sources[count] = row;
                elements[count++] = NONE;
            }
            while (element < length && count < Batch.ROWS) {
                sources[count] = row;
                elements[count++] = element++;
            }
            if (element >= length) {
                place++;
                element = 0;
            }
        }
        return count;
    }

    private int length(int row) {
        int longest = 0;
        for (int i = 0; i < values.length; i++) {
            if (!values[i].isNull(row)) {
                longest = Math.max(longest, shapes[i].count(values[i].viewBytes(row)));
            }
        }
        return longest;
    }

    private void write(Batch current, int count) {
        for (int i = 0; i < inputColumns; i++) {
            columns[i].gatherShared(current.column(i), sources, count);
        }
        int at = inputColumns;
        for (int i = 0; i < shapes.length; i++) {
            boolean fields = plan.takesFields() && shapes[i].part(0).kind() == TypeKind.ROW;
            int parts = fields ? shapes[i].part(0).fields().size() : 1;
            for (int field = 0; field < parts; field++) {
                writeElements(i, fields ? field : NONE, columns[at++], count);
            }
        }
        if (plan.ordinality()) {
            WritableColumn numbers = columns[at];
            begin(numbers, count);
            for (int i = 0; i < count; i++) {
                if (elements[i] == NONE) {
                    numbers.setNull(i);
                } else {
                    numbers.setLong(i, elements[i] + 1L);
                }
            }
        }
        for (int i = 0; i < columns.length; i++) {
            output.columns()[i] = columns[i].vector();
        }
    }

    private static void begin(WritableColumn column, int count) {
        column.clear();
        column.reserve(count);
        column.setRowCount(count);
    }

    /** @param field of the elements, which are ROWs; {@link #NONE} for the elements themselves */
    private void writeElements(int array, int field, WritableColumn target, int count) {
        begin(target, count);
        NestedShape shape = shapes[array];
        ColumnVector vector = values[array];
        for (int i = 0; i < count; i++) {
            boolean isNull = elements[i] == NONE || vector.isNull(sources[i]);
            long address = isNull ? 0 : vector.viewBytes(sources[i]);
            if (isNull || elements[i] >= shape.count(address)) {
                NestedShape.writeNull(target, i);
            } else if (field == NONE) {
                shape.read(address, elements[i], target, i);
            } else if (shape.isNull(address, elements[i])) {
                NestedShape.writeNull(target, i);
            } else {
                shape.inner(0).read(shape.bytes(address, elements[i]), field, target, i);
            }
        }
    }

    @Override
    public void close() {
        ExpressionEvaluator.closeAll(arrays);
        for (WritableColumn column : columns) {
            column.close();
        }
        input.close();
    }
}
