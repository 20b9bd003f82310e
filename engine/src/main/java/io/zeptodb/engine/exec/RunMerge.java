package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.exec.spill.SpilledRows;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.plan.SortKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ordered runs of rows as one: a heap of the runs by their next row, equal rows in the order of the runs. Rows are copied out in stretches of
 * one run. Owned by one operator; one thread. The runs stay the caller's.
 */
final class RunMerge implements Operator {
    private final ExecutionContext context;
    private final List<SortKey> keys;
    private final List<Cursor> cursors = new ArrayList<>();
    private final WritableColumn[] columns;
    private final ColumnVector[] vectors;
    private final Batch batch;
    private Cursor[] heap = {};
    private int heapSize;
    private boolean begun;

    /** A stretch of rows [from, to) of the first run that is not copied yet. */
    private @Nullable Cursor stretchOf;

    private int stretchFrom;

    /** Where the merge is in one run. */
    private final class Cursor {
        final int number;
        final Operator reader;
        ColumnVector[] page = {};
        int row;
        int rows;
        /** Of the first key. */
        long[] prefixes = {};

        Cursor(int number, Operator reader) {
            this.number = number;
            this.reader = reader;
        }

        /** Goes to the next page; false at the end. */
        boolean nextPage() {
            Batch read = reader.next();
            if (read == null) {
                return false;
            }
            page = read.columns();
            row = 0;
            rows = read.rowCount();
            if (prefixes.length < rows) {
                context.budget().reserveHeap((long) (rows - prefixes.length) * Long.BYTES);
                prefixes = new long[rows];
            }
            SortKey first = keys.get(0);
            ColumnVector vector = page[first.column()];
            for (int i = 0; i < rows; i++) {
                numbers[i] = i;
            }
            if (!vector.hasNulls()) {
                SortPrefix.load(vector, first.descending(), null, numbers, 0, rows, prefixes);
                return true;
            }
            for (int i = 0; i < rows; i++) {
                // below a NULL may lie what is no code
                if (!vector.isNull(i)) {
                    SortPrefix.load(vector, first.descending(), null, numbers, i, i + 1, prefixes);
                }
            }
            return true;
        }
    }

    private final int[] numbers = new int[Batch.ROWS];

    RunMerge(List<SpilledRows> runs, List<SortKey> keys, List<ColumnType> types, ExecutionContext context) {
        this.context = context;
        this.keys = keys;
        this.columns = new WritableColumn[types.size()];
        this.vectors = new ColumnVector[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new WritableColumn(context.budget(), types.get(i));
            vectors[i] = columns[i].vector();
        }
        this.batch = new Batch(vectors);
        for (SpilledRows run : runs) {
            cursors.add(new Cursor(cursors.size(), run.read()));
        }
    }

    @Override
    public @Nullable Batch next() {
        context.checkCancelled();
        if (!begun) {
            begin();
            begun = true;
        }
        for (WritableColumn column : columns) {
            column.clear();
        }
        int count = 0;
        while (heapSize > 0 && count < Batch.ROWS) {
            Cursor least = heap[0];
            if (least != stretchOf) {
                copyStretch();
                stretchOf = least;
                stretchFrom = least.row;
            }
            count++;
            if (++least.row == least.rows) {
                copyStretch(); // before the page goes
                if (!least.nextPage()) {
                    heap[0] = heap[--heapSize];
                }
            }
            sink(0);
        }
        copyStretch();
        if (count == 0) {
            return null;
        }
        for (int i = 0; i < columns.length; i++) {
            vectors[i] = columns[i].vector();
        }
        return batch.set(count, null);
    }

    private void begin() {
        heap = new Cursor[cursors.size()];
        for (Cursor cursor : cursors) {
            if (cursor.nextPage()) {
                heap[heapSize++] = cursor;
            }
        }
        for (int i = heapSize / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    private void copyStretch() {
        Cursor source = stretchOf;
        stretchOf = null;
        if (source == null) {
            return;
        }
        int count = source.row - stretchFrom;
        for (int i = 0; i < columns.length; i++) {
            columns[i].append(source.page[i], stretchFrom, count);
        }
    }

    private void sink(int from) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= heapSize) {
                return;
            }
            if (child + 1 < heapSize && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], heap[at])) {
                return;
            }
            Cursor moved = heap[at];
            heap[at] = heap[child];
            heap[child] = moved;
            at = child;
        }
    }

    private boolean isBefore(Cursor one, Cursor other) {
        int order = compare(one, other);
        return order < 0 || (order == 0 && one.number < other.number);
    }

    private int compare(Cursor one, Cursor other) {
        for (int k = 0; k < keys.size(); k++) {
            SortKey key = keys.get(k);
            ColumnVector left = one.page[key.column()];
            ColumnVector right = other.page[key.column()];
            boolean leftNull = left.isNull(one.row);
            boolean rightNull = right.isNull(other.row);
            int order;
            if (leftNull || rightNull) {
                order = leftNull == rightNull ? 0 : leftNull == key.nullsFirst() ? -1 : 1;
            } else if (k == 0) {
                long prefix = one.prefixes[one.row];
                order = Long.compare(prefix, other.prefixes[other.row]);
                if (order == 0 && SortPrefix.needsRest(left.type().kind(), prefix, key.descending())) {
                    order = compareValues(left, one.row, right, other.row, key.descending());
                }
            } else {
                order = compareValues(left, one.row, right, other.row, key.descending());
            }
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compareValues(ColumnVector left, int row, ColumnVector right, int other, boolean descending) {
        int order = switch (left.type().kind()) {
            case NULL -> 0;
            case DOUBLE -> Long.compare(OrderedLongs.of(left.getDouble(row)), OrderedLongs.of(right.getDouble(other)));
            case REAL -> Long.compare(OrderedLongs.of(left.getFloat(row)), OrderedLongs.of(right.getFloat(other)));
            case DECIMAL ->
                Int128.compare(
                        left.getDecimalHigh(row),
                        left.getDecimalLow(row),
                        right.getDecimalHigh(other),
                        right.getDecimalLow(other));
            case SYMBOL -> Objects.requireNonNull(left.dictionary()).compare(left.getInt(row), right.getInt(other));
            case VARCHAR, VARBINARY, ARRAY, ROW -> left.compareText(row, right, other);
            default -> Long.compare(left.getAsLong(row), right.getAsLong(other));
        };
        return descending ? -order : order;
    }

    @Override
    public void close() {
        for (WritableColumn column : columns) {
            column.close();
        }
        heapSize = 0;
        begun = true;
        stretchOf = null;
        for (Cursor cursor : cursors) {
            cursor.reader.close();
            context.budget().reserveHeap(-(long) cursor.prefixes.length * Long.BYTES);
            cursor.prefixes = new long[0];
        }
        cursors.clear();
    }
}
