package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Selects;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of ranges of rows: a long range without a copy, short ones gathered into one batch, and applies time bounds and filters of
 * the scan. Each batch tells which ranges its rows come from, in pieces. Owned by one operator, one thread.
 */
final class RangeReader implements AutoCloseable {
    /** Ranges from this many rows on are not copied. */
    private static final int DIRECT_ROWS = 512;

    private static final int BYTE_BITS = 8;

    private final ScanRanges source;
    private final ExecutionContext context;
    private final int[] ordinals;
    private final ColumnVector[] columns;
    private final @Nullable SymbolDictionary[] dictionaries;
    private final BitScratch[] bits;
    private final @Nullable WritableColumn[] gathered;
    /** Heaps of the texts gathered into the batch. */
    private final long[][] heaps;

    private final ExpressionEvaluator[] filters;
    private final List<BuiltKeys.Reader> joinFilters;
    private final Batch batch;
    private final ColumnVector times = new ColumnVector(ColumnType.TIMESTAMP_NS);
    private final BitScratch timeBits;
    private final @Nullable OperatorProfile profile;
    private final SelectionVector selection = new SelectionVector(0);
    private final SelectionVector inTime = new SelectionVector(0);

    private RangeList ranges = new RangeList();
    private int range;
    /** Rows of the current range that were read. */
    private int done;
    /** In a range with holes that was begun, the next row. */
    private int nextRow;

    private int[] live = {};

    private int[] pieceRanges = new int[1];
    private int[] pieceEnds = new int[1];
    private int pieces;
    private boolean timesSelected;

    RangeReader(ScanRanges source, ExecutionContext context) {
        TableScan plan = source.plan();
        this.source = source;
        this.context = context;
        this.profile = context.of(plan).profile();
        int count = plan.ordinals().size();
        this.ordinals = new int[count];
        this.columns = new ColumnVector[count];
        this.dictionaries = new SymbolDictionary[count];
        this.bits = new BitScratch[count];
        this.gathered = new WritableColumn[count];
        this.heaps = new long[count][];
        for (int i = 0; i < count; i++) {
            ordinals[i] = plan.ordinals().get(i);
            ColumnType type = typeOf(plan, ordinals[i]);
            columns[i] = new ColumnVector(type);
            bits[i] = new BitScratch(context.budget());
            dictionaries[i] = type.kind() == TypeKind.SYMBOL ? source.table().dictionary(ordinals[i]) : null;
        }
        this.timeBits = new BitScratch(context.budget());
        this.batch = new Batch(columns);
        this.filters = ExpressionEvaluator.all(plan.filters(), context);
        this.joinFilters = Inputs.closingOnFailure(
                () -> ExpressionEvaluator.closeAll(filters),
                () -> context.filters().readers(plan, context));
    }

    private static ColumnType typeOf(TableScan plan, int ordinal) {
        return ordinal == SegmentSnapshot.SEQUENCE
                ? ColumnType.BIGINT
                : plan.table().schema().typeOf(ordinal);
    }

    /** Begins to read other ranges; the list must not change before they are read. */
    void begin(RangeList list) {
        ranges = list;
        range = 0;
        done = 0;
    }

    /** The next rows that pass the scan's bounds and filters, or null when the ranges are read. */
    @Nullable
    Batch next() {
        while (range < ranges.size()) {
            context.checkCancelled();
            int rows = read();
            context.rowsScanned().add(rows);
            if (profile != null) {
                profile.scanned(rows);
            }
            if (filter(rows)) {
                return batch;
            }
        }
        return null;
    }

    /** Ranges that the last batch has rows of. */
    int pieces() {
        return pieces;
    }

    /** Index of the range, in the list that is read, of a piece of the last batch. */
    int pieceRange(int piece) {
        return pieceRanges[piece];
    }

    /** Position in the last batch behind the last one of a piece; the next piece begins there. */
    int pieceEnd(int piece) {
        return pieceEnds[piece];
    }

    private int read() {
        pieces = 0;
        timesSelected = false;
        int rows = ranges.count(range) - done;
        if (ranges.hasHoles(range)) {
            return gather();
        }
        if (rows < Batch.ROWS && goesOn(range)) {
            return readSpan();
        }
        if (rows >= DIRECT_ROWS || range == ranges.size() - 1) {
            return readDirect();
        }
        return gather();
    }

    private int readDirect() {
        SegmentSnapshot segment = source.segment(ranges.segment(range));
        int run = ranges.run(range);
        int from = ranges.from(range) + done;
        // the first slice ends at a multiple of eight, so that bitmaps of the next ones need no shift
        int count = Math.min(ranges.count(range) - done, Batch.ROWS - (from & (BYTE_BITS - 1)));
        for (int i = 0; i < columns.length; i++) {
            segment.slice(ordinals[i], run, from, count, columns[i], bits[i]);
            columns[i].withDictionary(dictionaries[i]);
        }
        if (ranges.filterTime(range)) {
            inTime.reserve(count);
            inTime.setCount(selectTimes(segment, run, from, count, inTime.positions()));
            timesSelected = true;
        }
        addPiece(range, count);
        advance(count);
        return count;
    }

    /** Whether the next range lies in memory where this one ends. */
    private boolean goesOn(int index) {
        return index + 1 < ranges.size() && ranges.follows(index + 1);
    }

    /** Reads ranges that follow each other in memory as one. */
    private int readSpan() {
        SegmentSnapshot segment = source.segment(ranges.segment(range));
        int run = ranges.run(range);
        int from = ranges.from(range) + done;
        int rows = 0;
        boolean more = true;
        while (more) {
            int count = Math.min(ranges.count(range) - done, Batch.ROWS - rows);
            more = rows + count < Batch.ROWS && goesOn(range);
            rows += count;
            addPiece(range, rows);
            advance(count);
        }
        for (int i = 0; i < columns.length; i++) {
            segment.slice(ordinals[i], run, from, rows, columns[i], bits[i]);
            columns[i].withDictionary(dictionaries[i]);
        }
        return rows;
    }

    private int gather() {
        for (int i = 0; i < columns.length; i++) {
            WritableColumn column = gathered[i];
            if (column == null) {
                column = new WritableColumn(context.budget(), columns[i].type());
                gathered[i] = column;
            }
            column.clear();
        }
        int rows = 0;
        while (range < ranges.size() && rows < Batch.ROWS) {
            int count = ranges.count(range) - done;
            if (ranges.hasHoles(range)) {
                count = Math.min(count, Batch.ROWS - rows);
                if (!gatherBetweenHoles(rows, count)) {
                    break;
                }
            } else if (count >= DIRECT_ROWS || rows + count > Batch.ROWS || !gatherOne(rows, count)) {
                break;
            }
            rows += count;
            addPiece(range, rows);
            advance(count);
        }
        for (int i = 0; i < columns.length; i++) {
            WritableColumn column = gathered[i];
            if (column != null) {
                columns[i].pointLike(column.vector()).withDictionary(dictionaries[i]);
            }
        }
        return rows;
    }

    /** Adds the rest of the current range to the batch; false when its texts lie in other heaps than those of the batch. */
    private boolean gatherOne(int at, int count) {
        SegmentSnapshot segment = source.segment(ranges.segment(range));
        int run = ranges.run(range);
        int from = ranges.from(range) + done;
        if (!pointForGather(segment, run, from, count, at)) {
            return false;
        }
        for (int i = 0; i < columns.length; i++) {
            WritableColumn column = gathered[i];
            if (column != null) {
                column.appendShared(columns[i], 0, count);
            }
            heaps[i] = columns[i].heapAddresses();
        }
        boolean filter = ranges.filterTime(range);
        if (filter && !timesSelected) {
            inTime.selectAll(at);
            timesSelected = true;
        }
        if (timesSelected) {
            selectPiece(segment, run, from, count, at, filter);
        }
        return true;
    }

    /** Points the columns at rows; false when their texts lie in other heaps than those of the rows gathered before. */
    private boolean pointForGather(SegmentSnapshot segment, int run, int from, int count, int at) {
        for (int i = 0; i < columns.length; i++) {
            segment.slice(ordinals[i], run, from, count, columns[i], bits[i]);
        }
        for (int i = 0; i < columns.length && at > 0; i++) {
            if (columns[i].heapAddresses() != heaps[i]) {
                return false;
            }
        }
        return true;
    }

    /** As {@link #gatherOne} for the next rows of a range with deleted rows in it. */
    private boolean gatherBetweenHoles(int at, int count) {
        SegmentSnapshot segment = source.segment(ranges.segment(range));
        int run = ranges.run(range);
        int row = done == 0 ? ranges.from(range) : nextRow;
        int first = row - (row & (BYTE_BITS - 1));
        if (live.length == 0) {
            live = new int[Batch.ROWS];
        }
        int behind = segment.deletedRows().collectLive(run, row, ranges.end(range), first, count, live);
        if (!pointForGather(segment, run, first, behind - first, at)) {
            return false;
        }
        for (int i = 0; i < columns.length; i++) {
            WritableColumn column = gathered[i];
            if (column != null) {
                column.appendShared(columns[i], live, count);
            }
            heaps[i] = columns[i].heapAddresses();
        }
        if (timesSelected) {
            selectPiece(segment, run, row, count, at, false);
        }
        nextRow = behind;
        return true;
    }

    private void selectPiece(SegmentSnapshot segment, int run, int from, int count, int at, boolean filter) {
        selection.reserve(count);
        int[] found = selection.positions();
        int kept = filter ? selectTimes(segment, run, from, count, found) : Selects.all(null, count, found);
        int before = inTime.count();
        inTime.reserve(before + kept);
        for (int i = 0; i < kept; i++) {
            inTime.positions()[before + i] = at + found[i];
        }
        inTime.setCount(before + kept);
    }

    private int selectTimes(SegmentSnapshot segment, int run, int from, int count, int[] out) {
        segment.slice(source.plan().table().schema().timestampOrdinal(), run, from, count, times, timeBits);
        int[] in = null;
        int left = count;
        if (times.hasNulls()) {
            left = Selects.bits(times.validity(), null, count, out, 0);
            in = out;
        }
        return Selects.longs(times.data(), in, left, out, source.lowTime(), source.highTime(), 0);
    }

    private void addPiece(int index, int end) {
        if (pieces == pieceRanges.length) {
            pieceRanges = java.util.Arrays.copyOf(pieceRanges, pieces * 2);
            pieceEnds = java.util.Arrays.copyOf(pieceEnds, pieces * 2);
        }
        pieceRanges[pieces] = index;
        pieceEnds[pieces] = end;
        pieces++;
    }

    private void advance(int count) {
        done += count;
        if (done == ranges.count(range)) {
            range++;
            done = 0;
        }
    }

    private boolean filter(int rows) {
        SelectionVector passing = timesSelected ? inTime : null;
        batch.set(rows, passing);
        for (ExpressionEvaluator each : filters) {
            if (each.select(batch, passing, selection) == 0) {
                return false;
            }
            passing = selection;
        }
        batch.set(rows, passing);
        for (BuiltKeys.Reader each : joinFilters) {
            passing = each.select(batch, selection);
            batch.set(rows, passing);
        }
        return passing == null || passing.count() > 0;
    }

    @Override
    public void close() {
        ExpressionEvaluator.closeAll(filters);
        joinFilters.forEach(BuiltKeys.Reader::close);
        List.of(bits).forEach(BitScratch::close);
        timeBits.close();
        for (WritableColumn column : gathered) {
            if (column != null) {
                column.close();
            }
        }
    }
}
