package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.NestedText;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyEquality;
import io.zeptodb.engine.batch.NestedShape;
import io.zeptodb.engine.batch.NestedWriter;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.function.TextLimit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loops over arrays and rows, whose layout is that of {@link NestedShape}. */
final class NestedKernels {
    /** The cast of a part takes as long as so many bytes of text. */
    private static final int PART_WORK = 256;

    private NestedKernels() {}

    /** One row of a nested value that is not NULL. */
    private interface Step {
        void row(ColumnVector[] arguments, long address, WritableColumn result, int row);
    }

    private static ScalarKernel loop(Step step) {
        return (arguments, selection, rowCount, result, context) ->
                loop(step, arguments, Rows.positions(selection), Rows.count(selection, rowCount), result, context);
    }

    private static void loop(
            Step step,
            ColumnVector[] arguments,
            int @Nullable [] positions,
            int count,
            WritableColumn result,
            FunctionContext context) {
        ColumnVector nested = arguments[0];
        WorkMeter work = new WorkMeter(context.stopCheck());
        for (int i = 0; i < count; i++) {
            int row = positions == null ? i : positions[i];
            if (nested.isNull(row)) {
                NestedShape.writeNull(result, row);
            } else {
                work.add(nested.viewLength(row));
                step.row(arguments, nested.viewBytes(row), result, row);
            }
        }
    }

    /** The arguments as parts of one value. */
    static ScalarKernel make(ColumnType type) {
        NestedShape shape = new NestedShape(type);
        return (arguments, selection, rowCount, result, context) -> {
            NestedWriter writer = new NestedWriter(shape);
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            for (int i = 0; i < count; i++) {
                int row = positions == null ? i : positions[i];
                writer.begin(arguments.length);
                for (ColumnVector argument : arguments) {
                    writer.put(argument, row);
                }
                writer.finish(result, row);
            }
        };
    }

    static ScalarKernel field(ColumnType type, int index) {
        NestedShape shape = new NestedShape(type);
        return loop((arguments, address, result, row) -> shape.read(address, index, result, row));
    }

    static ScalarKernel cardinality(ColumnType type) {
        NestedShape shape = new NestedShape(type);
        return loop((arguments, address, result, row) -> result.setLong(row, shape.count(address)));
    }

    static ScalarKernel element(ColumnType type) {
        NestedShape shape = new NestedShape(type);
        return loop((arguments, address, result, row) -> {
            long n = arguments[1].isNull(row) ? 0 : arguments[1].getLong(row);
            if (n >= 1 && n <= shape.count(address)) {
                shape.read(address, (int) (n - 1), result, row);
            } else {
                NestedShape.writeNull(result, row);
            }
        });
    }

    static ScalarKernel contains(ColumnType type) {
        NestedShape shape = new NestedShape(type);
        return (arguments, selection, rowCount, result, context) -> {
            try (WritableColumn element = new WritableColumn(context.budget(), type.element())) {
                element.reserve(1);
                Step step = (all, address, target, row) ->
                        target.setBoolean(row, contains(shape, address, element, all[1], row));
                loop(step, arguments, Rows.positions(selection), Rows.count(selection, rowCount), result, context);
            }
        };
    }

    private static boolean contains(
            NestedShape shape, long address, WritableColumn element, ColumnVector sought, int row) {
        if (sought.isNull(row)) {
            return false;
        }
        int n = shape.count(address);
        for (int i = 0; i < n; i++) {
            if (!shape.isNull(address, i)) {
                element.clear();
                shape.read(address, i, element, 0);
                if (KeyEquality.equalOrBothNull(element.vector(), 0, sought, row)) {
                    return true;
                }
            }
        }
        return false;
    }

    static ScalarKernel text(ColumnType type, boolean withNulls) {
        NestedShape shape = new NestedShape(type);
        return loop((arguments, address, result, row) -> {
            boolean unknown = arguments[1].isNull(row) || (withNulls && arguments[2].isNull(row));
            String nullText = withNulls && !unknown ? arguments[2].getText(row) : null;
            String text = unknown ? "" : joined(type, shape.toList(address), arguments[1].getText(row), nullText);
            TextLimit.put("array_to_string", text, row, result);
        });
    }

    private static String joined(
            ColumnType type, List<@Nullable Object> values, String separator, @Nullable String nullText) {
        long shownValues = values.stream()
                .filter(value -> value != null || nullText != null)
                .count();
        // before anything is made: what stands between the values is known
        TextLimit.check("array_to_string", Math.max(0, shownValues - 1) * separator.length());
        StringBuilder text = new StringBuilder();
        boolean first = true;
        for (Object value : values) {
            String shown = value == null ? nullText : NestedText.format(type.element(), value);
            if (shown != null) {
                text.append(first ? "" : separator).append(shown);
                TextLimit.check("array_to_string", text.length());
                first = false;
            }
        }
        return text.toString();
    }

    /** Each part through the cast of its type, all parts of a batch at once. */
    static ScalarKernel cast(ColumnType from, ColumnType to, @Nullable ScalarKernel[] casts) {
        NestedShape source = new NestedShape(from);
        NestedShape target = new NestedShape(to);
        return (arguments, selection, rowCount, result, context) -> {
            NestedWriter writer = new NestedWriter(target);
            Step step = (all, address, column, row) ->
                    cast(source, target, casts, address, context, writer.begin(source.count(address)), column, row);
            loop(step, arguments, Rows.positions(selection), Rows.count(selection, rowCount), result, context);
        };
    }

    private static void cast(
            NestedShape source,
            NestedShape target,
            @Nullable ScalarKernel[] casts,
            long address,
            FunctionContext context,
            NestedWriter writer,
            WritableColumn column,
            int row) {
        int n = source.count(address);
        WorkMeter work = new WorkMeter(context.stopCheck());
        for (int i = 0; i < n; i++) {
            work.add(PART_WORK);
            ScalarKernel cast = casts[casts.length == 1 ? 0 : i];
            if (source.isNull(address, i)) {
                writer.putNull();
                continue;
            }
            try (WritableColumn before = new WritableColumn(context.budget(), source.part(i));
                    WritableColumn after = new WritableColumn(context.budget(), target.part(i))) {
                before.reserve(1);
                source.read(address, i, before, 0);
                before.setRowCount(1);
                if (cast == null) {
                    writer.put(before.vector(), 0);
                    continue;
                }
                after.reserve(1);
                cast.evaluate(new ColumnVector[] {before.vector()}, null, 1, after, context);
                after.setRowCount(1);
                writer.put(after.vector(), 0);
            }
        }
        writer.finish(column, row);
    }
}
