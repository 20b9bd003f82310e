package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.exec.spill.SpilledRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An operator that keeps its input in memory, and what is done when that is too much: before the first row came out it is given up, its inputs
 * are opened again, their rows are dealt to files by their keys ({@link Division}), and each file is worked on by itself, dealt once more if it is
 * still too much. Rows of one key that do not fit are an error with the figures.
 */
final class SpillingOperator implements Operator {
    /** Divisions in a row that left all rows in one file, after which they are taken for rows of one key. */
    private static final int MOST_VAIN_DIVISIONS = 2;
    /** Fewer rows are not worth files. */
    private static final int LEAST_ROWS = Batch.ROWS;

    private final Division division;
    private final ExecutionContext context;
    private final int level;
    private final int vainDivisions;
    /** The files of each side that are worked on; empty when it is the plan's own inputs. */
    private final List<List<SpilledRows>> files;

    /** What was made of them: for each side the files of all tasks. */
    private final List<List<RowPartitions>> parts = new ArrayList<>();

    private final List<Operator> open = new ArrayList<>();
    private @Nullable Operator current;
    private boolean begun;
    private boolean divided;
    private int nextPart;
    private int vainSoFar;

    SpillingOperator(Division division, ExecutionContext context) {
        this(division, context, 0, 0, List.of());
    }

    /** The same over one file of rows instead of the plan's input; takes the file over. */
    static Operator over(Division division, SpilledRows rows, ExecutionContext context) {
        return Inputs.closingOnFailure(
                rows, () -> new SpillingOperator(division, context, 0, 0, List.of(List.of(rows))));
    }

    private SpillingOperator(
            Division division, ExecutionContext context, int level, int vainDivisions, List<List<SpilledRows>> files) {
        this.division = division;
        this.context = context;
        this.level = level;
        this.vainDivisions = vainDivisions;
        this.files = files;
        this.current = files.isEmpty() ? division.open(context) : openOverFiles();
    }

    private Operator openOverFiles() {
        List<List<Operator>> inputs = new ArrayList<>();
        for (List<SpilledRows> side : files) {
            inputs.add(side.stream().map(SpilledRows::read).toList());
        }
        return canDivide() ? division.open(inputs, context) : division.openUndivided(inputs, context);
    }

    private boolean canDivide() {
        if (files.isEmpty()) {
            return true;
        }
        long rows = 0;
        for (List<SpilledRows> side : files) {
            for (SpilledRows file : side) {
                rows += file.rowCount();
            }
        }
        return rows > LEAST_ROWS && level < RowPartitions.MOST_LEVELS && vainDivisions < MOST_VAIN_DIVISIONS;
    }

    @Override
    public @Nullable Batch next() {
        while (true) {
            Operator from = current;
            if (from == null) {
                return null;
            }
            Batch batch = begun ? from.next() : first(from);
            if (batch != null) {
                return batch;
            }
            if (divided) {
                openNextPart();
            } else {
                return null;
            }
        }
    }

    private @Nullable Batch first(Operator from) {
        begun = true;
        try {
            return from.next();
        } catch (EngineException e) {
            if (!canDivide() || !context.canSpillAfter(e)) {
                throw e;
            }
        }
        from.close();
        divide();
        divided = true;
        return null;
    }

    private void divide() {
        List<Division.Keys> keys = new ArrayList<>();
        try {
            for (int side = 0; side < division.sides(); side++) {
                parts.add(new ArrayList<>());
            }
            long largest = 0;
            long all = 0;
            for (int side = division.sides() - 1; side >= 0; side--) {
                divide(side, keys);
            }
            for (int i = 0; i < RowPartitions.COUNT; i++) {
                long rows = rowsOf(i);
                largest = Math.max(largest, rows);
                all += rows;
            }
            vainSoFar = largest == all ? vainDivisions + 1 : 0;
        } finally {
            Closing closing = new Closing();
            closing.each(keys, Division.Keys::close);
            closing.finish();
        }
        for (List<SpilledRows> side : files) {
            side.forEach(SpilledRows::close);
        }
    }

    private void divide(int side, List<Division.Keys> keys) {
        List<Operator> inputs = files.isEmpty()
                ? division.openSide(side, context)
                : files.get(side).stream().map(SpilledRows::read).toList();
        open.addAll(inputs);
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            if (keys.size() <= i) {
                keys.add(division.newKeys(context));
            }
            RowPartitions part = new RowPartitions(context, division.types(side), division.used(side), level);
            parts.get(side).add(part);
            Operator input = inputs.get(i);
            Division.Keys of = keys.get(i);
            tasks.add(() -> deal(input, batch -> of.of(side, batch), part));
        }
        if (tasks.size() == 1) {
            tasks.get(0).run();
        } else {
            context.workers().runAll(tasks);
        }
        // symbols may still need a dictionary that the input made
        if (division.types(side).stream().noneMatch(type -> type.kind() == TypeKind.SYMBOL)) {
            inputs.forEach(Operator::close);
            open.removeAll(inputs);
        }
    }

    private void deal(Operator input, Function<Batch, ColumnVector[]> keys, RowPartitions part) {
        for (Batch batch = input.next(); batch != null; batch = input.next()) {
            context.checkCancelled();
            part.add(keys.apply(batch), batch);
        }
        part.finish();
    }

    private long rowsOf(int i) {
        long rows = 0;
        for (List<RowPartitions> side : parts) {
            for (RowPartitions part : side) {
                rows += part.rowCount(i);
            }
        }
        return rows;
    }

    private void openNextPart() {
        closeCurrent();
        while (nextPart < RowPartitions.COUNT) {
            int i = nextPart++;
            if (rowsOf(i) == 0) {
                continue;
            }
            List<List<SpilledRows>> taken = new ArrayList<>();
            for (List<RowPartitions> side : parts) {
                taken.add(side.stream().map(part -> part.take(i)).toList());
            }
            current = Inputs.closingOnFailure(
                    () -> taken.forEach(side -> side.forEach(SpilledRows::close)),
                    () -> new SpillingOperator(division, context, level + 1, vainSoFar, taken));
            return;
        }
    }

    private void closeCurrent() {
        Operator closing = current;
        current = null;
        if (closing != null) {
            closing.close();
        }
    }

    @Override
    public void close() {
        begun = true;
        Closing closing = new Closing();
        closing.then(this::closeCurrent);
        closing.each(open, Operator::close);
        for (List<RowPartitions> side : parts) {
            closing.each(side, RowPartitions::close);
        }
        for (List<SpilledRows> side : files) {
            closing.each(side, SpilledRows::close);
        }
        closing.finish();
        open.clear();
        parts.clear();
    }
}
