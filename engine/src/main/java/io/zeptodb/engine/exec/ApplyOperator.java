package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.exec.expression.BoxedValues;
import io.zeptodb.engine.exec.expression.SymbolTexts;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the right plan anew for each distinct list of values that the left rows bind to its parameters, and joins its rows to all left
 * rows of those values: the lists are numbered ({@link GroupTable}), the rows of list g are kept one after the other, so that {@link
 * JoinProbe} has them as its candidates. What is kept is forgotten between left batches when it has grown large.
 */
final class ApplyOperator implements Operator {
    /** Rows, and lists of values, that are kept from one left batch to the next. */
    private static final int MOST_KEPT = 1 << 20;

    private final PhysicalPlan.Apply plan;
    private final ExecutionContext context;
    private final Operator left;
    private final List<ColumnType> bindingTypes;
    private final RowStore rows;
    /** Behind the rows of each list. */
    private final AccountedInts ends;

    private final JoinProbe probe;
    private final ColumnVector[] keys;
    /** By right column: symbols that no table has. */
    private final Map<Integer, SymbolTexts> ownTexts = new HashMap<>();

    private final Map<Integer, WritableColumn> ownCodes = new HashMap<>();
    private GroupTable table;
    private @Nullable RowsByGroup candidates;
    private int[] groups = new int[Batch.ROWS];
    private boolean ended;

    /** @throws IllegalArgumentException for a type that keeps right rows which match nothing: there is no such row here */
    ApplyOperator(PhysicalPlan.Apply plan, ExecutionContext context, Operator left) {
        if (JoinProbe.keepsRight(plan.type())) {
            throw new IllegalArgumentException("an Apply cannot be of type " + plan.type());
        }
        this.plan = plan;
        this.context = context;
        this.left = left;
        List<ColumnType> leftTypes = plan.left().types();
        bindingTypes = plan.bindings().stream()
                .map(binding -> leftTypes.get(binding.column()))
                .toList();
        keys = new ColumnVector[bindingTypes.size()];
        table = new GroupTable(context.budget(), bindingTypes);
        rows = new RowStore(plan.right().types(), context.budget());
        ends = new AccountedInts(context.budget());
        probe = new JoinProbe(context, plan.type(), leftTypes, plan.right().types(), null, null);
    }

    @Override
    public @Nullable Batch next() {
        while (!ended) {
            context.checkCancelled();
            Batch output = probe.next();
            if (output != null) {
                return output;
            }
            Batch batch = left.next();
            if (batch == null) {
                ended = true;
                return null;
            }
            begin(batch);
        }
        return null;
    }

    private void begin(Batch batch) {
        if (rows.rowCount() > MOST_KEPT || table.groupCount() > MOST_KEPT) {
            forget();
        }
        if (groups.length < batch.rowCount()) {
            groups = new int[batch.rowCount()];
        }
        for (int i = 0; i < keys.length; i++) {
            keys[i] = batch.column(plan.bindings().get(i).column());
        }
        int known = table.groupCount();
        table.assign(keys, batch.selection(), batch.rowCount(), groups);
        for (int group = known; group < table.groupCount(); group++) {
            run(group);
        }
        if (table.groupCount() > known || candidates == null) {
            if (candidates != null) {
                candidates.close();
            }
            candidates = RowsByGroup.consecutive(context.budget(), ends.values(), ends.size());
            probe.setRight(rows.columns(), candidates, rows.rowCount());
        }
        probe.begin(batch, groups);
    }

    /** Appends the right rows of one list of values; of a mere test for existence the first ones. */
    private void run(int group) {
        ExecutionContext bound = context.withParameters(bind(group));
        try (Operator right = Operators.open(plan.right(), bound)) {
            Batch batch;
            while ((batch = right.next()) != null) {
                context.checkCancelled();
                rows.append(keeping(batch));
                if (JoinProbe.isLeftOnly(plan.type())) {
                    break;
                }
            }
        }
        ends.add(rows.rowCount());
    }

    /** The batch, with symbols that the right plan made itself in codes of ours: its own end with it. */
    private Batch keeping(Batch batch) {
        ColumnVector[] kept = null;
        for (int i = 0; i < batch.columnCount(); i++) {
            if (batch.column(i).dictionary() instanceof SymbolTexts) {
                kept = kept == null ? batch.columns().clone() : kept;
                kept[i] = recode(i, batch);
            }
        }
        return kept == null ? batch : new Batch(kept).set(batch.rowCount(), batch.selection());
    }

    private ColumnVector recode(int index, Batch batch) {
        ColumnVector symbols = batch.column(index);
        SymbolTexts dictionary = ownTexts.computeIfAbsent(index, i -> new SymbolTexts(context.budget()));
        WritableColumn codes =
                ownCodes.computeIfAbsent(index, i -> new WritableColumn(context.budget(), symbols.type()));
        codes.clear();
        codes.reserve(batch.rowCount());
        for (int i = 0; i < batch.selectedCount(); i++) {
            int row = batch.position(i);
            boolean isNull = symbols.isNull(row);
            codes.setLong(row, dictionary.codeOf(isNull ? "" : symbols.getText(row)));
            if (isNull) {
                codes.setNull(row);
            }
        }
        codes.setRowCount(batch.rowCount());
        codes.setDictionary(dictionary);
        return codes.vector();
    }

    private @Nullable Object[] bind(int group) {
        int count = context.parameters().length;
        for (PhysicalPlan.Binding binding : plan.bindings()) {
            count = Math.max(count, binding.parameter() + 1);
        }
        @Nullable Object[] values = Arrays.copyOf(context.parameters(), count);
        for (int i = 0; i < keys.length; i++) {
            values[plan.bindings().get(i).parameter()] = BoxedValues.read(table.key(i), group);
        }
        return values;
    }

    private void forget() {
        rows.clear();
        ends.setSize(0);
        table.close();
        table = new GroupTable(context.budget(), bindingTypes);
    }

    @Override
    public void close() {
        ended = true;
        left.close();
        table.close();
        rows.close();
        ends.close();
        probe.close();
        ownTexts.values().forEach(SymbolTexts::close);
        ownCodes.values().forEach(WritableColumn::close);
        if (candidates != null) {
            candidates.close();
            candidates = null;
        }
    }
}
