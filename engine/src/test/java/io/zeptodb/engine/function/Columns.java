package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.kernel.Memory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Columns made from Java values and functions called on them as the evaluator calls them: arguments cast to the parameters, NULLs kept from
 * functions that may fail, validity merged afterwards. Closing it proves that no byte is left.
 */
public final class Columns implements AutoCloseable {
    public static final long NOW = 1_723_161_904_525_430_833L;

    private final MemoryBudget budget = new MemoryBudget(new RootAllocator());
    private final FunctionContext context = new FunctionContext(NOW, budget, () -> {});
    private final List<WritableColumn> open = new ArrayList<>();

    public FunctionContext context() {
        return context;
    }

    public WritableColumn empty(ColumnType type, int rows) {
        WritableColumn column = new WritableColumn(budget, type);
        open.add(column);
        column.reserve(Math.max(rows, 1));
        return column;
    }

    /** A column of values as {@code Expression.Literal} has them; null for NULL, whose bytes are filled with garbage. */
    public ColumnVector of(ColumnType type, @Nullable Object... values) {
        WritableColumn column = empty(type, values.length);
        Memory.fill(column.data(), Math.max((long) type.width() * values.length, 1), (byte) 0x5A);
        for (int i = 0; i < values.length; i++) {
            set(column, i, values[i]);
        }
        column.setRowCount(values.length);
        return column.vector();
    }

    public ColumnVector constant(ColumnType type, @Nullable Object value) {
        return of(type, value).asConstant(true);
    }

    private static void set(WritableColumn column, int row, @Nullable Object value) {
        if (value == null) {
            if (column.type().width() > 0 || column.type().equals(ColumnType.BOOLEAN)) {
                column.setNull(row);
            }
        } else if (value instanceof String text) {
            column.setText(row, text);
        } else if (value instanceof byte[] bytes) {
            column.setBytes(row, bytes);
        } else if (value instanceof BigDecimal decimal) {
            column.setDecimal(row, decimal.setScale(column.type().scale()));
        } else if (value instanceof Boolean truth) {
            column.setBoolean(row, truth);
        } else if (column.type().kind().isFloat()) {
            column.setDouble(row, ((Number) value).doubleValue());
        } else {
            column.setLong(row, ((Number) value).longValue());
        }
    }

    public static @Nullable Object get(ColumnVector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        return switch (vector.type().kind()) {
            case NULL -> null;
            case BOOLEAN -> vector.getBoolean(row);
            case REAL -> (double) vector.getFloat(row);
            case DOUBLE -> vector.getDouble(row);
            case DECIMAL -> vector.getDecimal(row);
            case VARCHAR, SYMBOL -> vector.getText(row);
            case VARBINARY -> vector.getBytes(row);
            default -> vector.getAsLong(row);
        };
    }

    /** Calls a function over columns; gives one value for each row, and leaves out what is not selected. */
    public List<@Nullable Object> call(
            ScalarFunction function, int @Nullable [] selected, int rows, ColumnVector... arguments) {
        ColumnVector[] cast = new ColumnVector[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            cast[i] = cast(arguments[i], function.parameters().get(i), rows);
        }
        boolean strict = function.nullRule() == NullRule.STRICT;
        int[] wanted = selected != null ? selected : all(rows);
        int[] given = wanted;
        if (strict && function.mayFail()) {
            given = Arrays.stream(wanted).filter(row -> !anyNull(cast, row)).toArray();
        }
        SelectionVector selection = given.length == rows && selected == null ? null : selection(given);
        WritableColumn result = empty(function.result(), rows);
        Memory.fill(result.data(), Math.max((long) function.result().width() * rows, 1), (byte) 0x5A);
        function.kernel().evaluate(cast, selection, rows, result, context);
        result.setRowCount(rows);
        List<@Nullable Object> values = new ArrayList<>();
        ColumnVector vector = result.vector();
        for (int row : wanted) {
            values.add(strict && anyNull(cast, row) ? null : get(vector, row));
        }
        return values;
    }

    private ColumnVector cast(ColumnVector argument, ColumnType to, int rows) {
        if (argument.type().equals(to) || (argument.type().kind() == to.kind() && to.kind() != TypeKind.DECIMAL)) {
            return argument;
        }
        if (argument.type().equals(ColumnType.NULL)) {
            WritableColumn nulls = empty(to, rows);
            Memory.fill(nulls.validity(), Bitmaps.bytes(rows), (byte) 0);
            nulls.setRowCount(rows);
            return nulls.vector();
        }
        ScalarFunction function = Casts.find(argument.type(), to, false);
        if (function == null) {
            throw new AssertionError("no cast from " + argument.type() + " to " + to);
        }
        List<@Nullable Object> values = call(function, null, argument.isConstant() ? 1 : rows, argument);
        return argument.isConstant() ? constant(to, values.get(0)) : of(to, values.toArray());
    }

    private static boolean anyNull(ColumnVector[] arguments, int row) {
        return Arrays.stream(arguments).anyMatch(a -> a.type().equals(ColumnType.NULL) || a.isNull(row));
    }

    private static int[] all(int rows) {
        int[] positions = new int[rows];
        Arrays.setAll(positions, i -> i);
        return positions;
    }

    private static SelectionVector selection(int[] positions) {
        SelectionVector selection = new SelectionVector(positions.length);
        System.arraycopy(positions, 0, selection.positions(), 0, positions.length);
        selection.setCount(positions.length);
        return selection;
    }

    /** Calls a standard function on one row, all arguments columns of one row. */
    public @Nullable Object one(String name, Object... typesAndValues) {
        ColumnVector[] arguments = arguments(typesAndValues);
        ScalarFunction function = FunctionRegistry.standard()
                .scalar(name, Arrays.stream(arguments).map(ColumnVector::type).toList());
        return call(function, null, 1, arguments).get(0);
    }

    /** Columns of one row from type, value, type, value … */
    public ColumnVector[] arguments(Object... typesAndValues) {
        ColumnVector[] arguments = new ColumnVector[typesAndValues.length / 2];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = of((ColumnType) typesAndValues[2 * i], new Object[] {typesAndValues[2 * i + 1]});
        }
        return arguments;
    }

    @Override
    public void close() {
        open.forEach(WritableColumn::close);
        budget.close();
    }
}
