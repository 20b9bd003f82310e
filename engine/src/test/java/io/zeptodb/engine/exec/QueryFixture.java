package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.TestVectors;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PlanColumn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/** What an operator's test needs: memory whose leaks are found, a context, inputs from rows, rows from an operator. */
final class QueryFixture implements AutoCloseable {
    private static final String[] TEXTS = {
        "", "a", "b", "A", "abcdefghijkl", "abcdefghijklm", "a text that is too long for its view", "é", "\uD83D\uDE00"
    };
    private static final Double[] DOUBLES = {
        0.0, -0.0, 1.5, -1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300, 3.0
    };

    private final RootAllocator root = new RootAllocator();
    final MemoryBudget budget;
    final Cancellation cancellation = new Cancellation();
    final ExecutionContext context;
    private final List<TestVectors.Dictionary> dictionaries = new ArrayList<>();
    private final MemoryBudget dictionaryBudget;

    QueryFixture() {
        this(Long.MAX_VALUE);
    }

    QueryFixture(long queryLimit) {
        budget = new MemoryBudget(root.newChildAllocator("query 1", 0, queryLimit));
        dictionaryBudget = new MemoryBudget(root.newChildAllocator("dictionaries", 0, Long.MAX_VALUE));
        context = new ExecutionContext(
                Snapshots.EMPTY,
                new @Nullable Object[0],
                0,
                budget,
                Workers.NONE,
                cancellation,
                new LongAdder(),
                name -> List.of());
    }

    TestVectors.Dictionary dictionary(String... texts) {
        TestVectors.Dictionary made = new TestVectors.Dictionary(dictionaryBudget, List.of(texts));
        dictionaries.add(made);
        return made;
    }

    /** An input over rows; SYMBOL columns have a dictionary of their own, in an order of its own. */
    RowSource source(List<ColumnType> types, List<@Nullable Object[]> rows, Random random) {
        String[] some = random.nextBoolean() ? new String[] {"zz", "b"} : new String[] {"a", "abcdefghijklm", "q"};
        return new RowSource(budget, types, rows, dictionary(some), random);
    }

    /** A plan without rows that says the columns' types, for inputs that are given as operators. */
    static PhysicalPlan shape(List<ColumnType> types) {
        return new PhysicalPlan.Values(List.of(), columns(types));
    }

    static List<PlanColumn> columns(List<ColumnType> types) {
        List<PlanColumn> columns = new ArrayList<>();
        for (ColumnType type : types) {
            columns.add(new PlanColumn("c" + columns.size(), type, true));
        }
        return columns;
    }

    static Expression column(List<ColumnType> types, int index) {
        return new Expression.Column(index, types.get(index));
    }

    /** All rows of an operator, which is closed; texts for SYMBOL, hex for VARBINARY. */
    static List<List<@Nullable Object>> drain(Operator operator) {
        return drain(operator, null);
    }

    /** As the other, but reads only some columns, null for all; the others give null. */
    static List<List<@Nullable Object>> drain(Operator operator, @Nullable BitSet used) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (operator) {
            Batch batch;
            while ((batch = operator.next()) != null) {
                if (batch.selectedCount() == 0) {
                    throw new AssertionError("a batch without a selected row");
                }
                if (batch.rowCount() > Batch.ROWS) {
                    throw new AssertionError("a batch of " + batch.rowCount() + " rows");
                }
                for (int i = 0; i < batch.selectedCount(); i++) {
                    rows.add(row(batch, batch.position(i), used));
                }
            }
            if (operator.next() != null) {
                throw new AssertionError("rows after the end");
            }
        }
        return rows;
    }

    static List<@Nullable Object> row(Batch batch, int position) {
        return row(batch, position, null);
    }

    private static List<@Nullable Object> row(Batch batch, int position, @Nullable BitSet used) {
        List<@Nullable Object> row = new ArrayList<>();
        for (ColumnVector column : batch.columns()) {
            row.add(used == null || used.get(row.size()) ? value(column, position) : null);
        }
        return row;
    }

    /** Some columns of so many; the last always, as it may be a mark. */
    static BitSet randomColumns(int count, Random random) {
        BitSet used = new BitSet();
        for (int i = 0; i < count; i++) {
            used.set(i, random.nextBoolean());
        }
        used.set(count - 1);
        return used;
    }

    /** Rows with null in the columns that are not used. */
    static List<List<@Nullable Object>> masked(List<List<@Nullable Object>> rows, @Nullable BitSet used) {
        for (List<@Nullable Object> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                row.set(i, used == null || used.get(i) ? row.get(i) : null);
            }
        }
        return rows;
    }

    static @Nullable Object value(ColumnVector column, int position) {
        if (column.isNull(position)) {
            return null;
        }
        if (column.type().kind() == TypeKind.SYMBOL) {
            return column.getText(position);
        }
        return normal(TestVectors.get(column, position));
    }

    static @Nullable Object normal(@Nullable Object value) {
        return value instanceof byte[] bytes ? "x" + HexFormat.of().formatHex(bytes) : value;
    }

    static List<@Nullable Object> normalRow(@Nullable Object... row) {
        List<@Nullable Object> list = new ArrayList<>();
        Arrays.stream(row).map(QueryFixture::normal).forEach(list::add);
        return list;
    }

    /** Rows in an order of their own, for comparisons in which the order does not count. */
    static List<String> sorted(List<List<@Nullable Object>> rows) {
        return rows.stream().map(Object::toString).sorted().toList();
    }

    /** Rows of random values, many of them equal or NULL. */
    static List<@Nullable Object[]> randomRows(List<ColumnType> types, int count, Random random) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object[] row = new Object[types.size()];
            for (int c = 0; c < row.length; c++) {
                row[c] = random.nextInt(7) == 0 ? null : randomValue(types.get(c), random);
            }
            rows.add(row);
        }
        return rows;
    }

    static Object randomValue(ColumnType type, Random random) {
        return switch (type.kind()) {
            case BOOLEAN -> random.nextBoolean();
            case REAL -> (double) DOUBLES[random.nextInt(DOUBLES.length)].floatValue();
            case DOUBLE -> DOUBLES[random.nextInt(DOUBLES.length)];
            case DECIMAL -> BigDecimal.valueOf(random.nextInt(9) - 4, type.scale());
            case VARCHAR, SYMBOL -> TEXTS[random.nextInt(TEXTS.length)];
            case VARBINARY -> new byte[random.nextInt(3)];
            default -> (long) random.nextInt(9) - 4;
        };
    }

    @Override
    public void close() {
        dictionaries.forEach(TestVectors.Dictionary::close);
        dictionaryBudget.close();
        if (budget.usedBytes() != 0) {
            throw new AssertionError(budget.usedBytes() + " bytes left");
        }
        budget.close();
        root.close();
    }
}
