package io.zeptodb.engine.exec.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.TestVectors;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.plan.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random expressions over random batches against {@link NaiveExpressions}: values, selections, breaks between batches. */
class ExpressionEvaluationTest {
    private static final int EXPRESSIONS = 400;
    private static final int BATCHES = 4;

    private RootAllocator root;
    private MemoryBudget budget;
    private final List<AutoCloseable> open = new ArrayList<>();

    /** Each type twice: the two symbol columns have dictionaries of their own. */
    private final List<ColumnType> types = new ArrayList<>();

    private List<TestVectors.Dictionary> dictionaries;

    @BeforeEach
    void open() {
        root = new RootAllocator();
        budget = new MemoryBudget(root.newChildAllocator("test", 0, Long.MAX_VALUE));
        types.addAll(ExpressionRandom.TYPES);
        types.addAll(ExpressionRandom.TYPES);
        List<String> reversed = new ArrayList<>(ExpressionRandom.TEXTS);
        java.util.Collections.reverse(reversed);
        dictionaries = List.of(
                new TestVectors.Dictionary(budget, ExpressionRandom.TEXTS),
                new TestVectors.Dictionary(budget, reversed));
        open.addAll(dictionaries);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        assertThat(budget.usedBytes()).isZero();
        budget.close();
        root.close();
    }

    private record Rows(Batch batch, List<List<@Nullable Object>> rows) {}

    private Rows rows(Random random, int count, double nulls) {
        ExpressionRandom values = new ExpressionRandom(random, types);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            List<@Nullable Object> each = new ArrayList<>();
            for (ColumnType type : types) {
                each.add(values.value(type, nulls));
            }
            rows.add(each);
        }
        ColumnVector[] vectors = new ColumnVector[types.size()];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = vector(i, rows);
        }
        return new Rows(new Batch(vectors).set(count, null), rows);
    }

    private ColumnVector vector(int index, List<List<@Nullable Object>> rows) {
        ColumnType type = types.get(index);
        TestVectors.Dictionary dictionary =
                type.kind() == TypeKind.SYMBOL ? dictionaries.get(index < types.size() / 2 ? 0 : 1) : null;
        List<@Nullable Object> column = new ArrayList<>();
        for (List<@Nullable Object> row : rows) {
            Object value = row.get(index);
            column.add(dictionary != null && value != null ? (long) dictionary.find((String) value) : value);
        }
        WritableColumn made = TestVectors.column(budget, type, column);
        made.setDictionary(dictionary);
        open.add(made);
        return made.vector();
    }

    private ExpressionNode compile(Expression expression) {
        return new ExpressionCompiler(new Object[0], new FunctionContext(0, budget, () -> {})).compile(expression);
    }

    private static @Nullable SelectionVector some(Random random, int rows) {
        if (random.nextInt(3) == 0) {
            return null;
        }
        SelectionVector selection = new SelectionVector(rows);
        double share = random.nextDouble();
        int count = 0;
        for (int i = 0; i < rows; i++) {
            if (random.nextDouble() < share) {
                selection.positions()[count++] = i;
            }
        }
        selection.setCount(count);
        return selection;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void valuesAreThoseOfTheModel(long seed) {
        Random random = new Random(seed);
        List<Rows> batches = batches(random);
        for (int n = 0; n < EXPRESSIONS; n++) {
            Expression expression = new ExpressionRandom(random, types).any(3);
            try (ExpressionNode node = compile(expression)) {
                for (Rows rows : batches) {
                    SelectionVector selection = some(random, rows.rows.size());
                    Batch batch = rows.batch.set(rows.rows.size(), selection);
                    ColumnVector result = node.evaluate(batch, selection);
                    for (int i = 0; i < batch.selectedCount(); i++) {
                        int at = batch.position(i);
                        assertThat(BoxedValues.read(result, at))
                                .as("row %d of %s", at, expression)
                                .usingComparator((a, b) -> ExpressionEvaluationTest.order(a, b))
                                .isEqualTo(NaiveExpressions.evaluate(
                                        expression, rows.rows.get(at), ExpressionRandom::call));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void conditionsSelectWhatTheModelFindsTrue(long seed) {
        Random random = new Random(seed);
        List<Rows> batches = batches(random);
        for (int n = 0; n < EXPRESSIONS; n++) {
            Expression condition = new ExpressionRandom(random, types).condition(3);
            try (ExpressionNode node = compile(condition)) {
                for (Rows rows : batches) {
                    SelectionVector in = some(random, rows.rows.size());
                    Batch batch = rows.batch.set(rows.rows.size(), in);
                    List<Integer> expected = new ArrayList<>();
                    for (int i = 0; i < batch.selectedCount(); i++) {
                        int at = batch.position(i);
                        if (Boolean.TRUE.equals(
                                NaiveExpressions.evaluate(condition, rows.rows.get(at), ExpressionRandom::call))) {
                            expected.add(at);
                        }
                    }
                    // narrowing in place must work as well as into another list
                    SelectionVector out =
                            in != null && random.nextBoolean() ? in : new SelectionVector(rows.rows.size());
                    int count = node.select(batch, in, out);
                    List<Integer> found = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        found.add(out.positions()[i]);
                    }
                    assertThat(found).as("%s", condition).isEqualTo(expected);
                    assertThat(out.count()).isEqualTo(count);
                }
            }
        }
    }

    private List<Rows> batches(Random random) {
        List<Rows> batches = new ArrayList<>();
        double[] nulls = {0, 0.3, 0.9, 1};
        for (int i = 0; i < BATCHES; i++) {
            batches.add(rows(random, 1 + random.nextInt(120), nulls[i]));
        }
        return batches;
    }

    private static int order(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return left == right ? 0 : 1;
        }
        return NaiveExpressions.compare(left, right);
    }

    @Test
    void aFunctionThatMayFailIsAnErrorOnlyForRowsThatAreAsked() {
        WritableColumn column = TestVectors.column(budget, ColumnType.BIGINT, List.of(1L, 0L, 5L));
        open.add(column);
        Batch batch = new Batch(column.vector()).set(3, null);
        Expression divide =
                new Expression.Call(ExpressionRandom.DIVIDE, List.of(new Expression.Column(0, ColumnType.BIGINT)));
        try (ExpressionNode node = compile(divide)) {
            assertThatThrownBy(() -> node.evaluate(batch, null))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("division by zero");
            SelectionVector others = new SelectionVector(2);
            others.positions()[0] = 0;
            others.positions()[1] = 2;
            others.setCount(2);
            assertThat(node.evaluate(batch, others).getLong(2)).isEqualTo(200);
        }
    }

    @Test
    void aParameterWithoutAValueIsAClearError() {
        assertThatThrownBy(() -> compile(new Expression.Parameter(2, ColumnType.BIGINT)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("parameter 3 has no value: 0 given");
    }

    @Test
    void symbolsMadeByACastHaveADictionary() {
        WritableColumn column =
                TestVectors.column(budget, ColumnType.VARCHAR, java.util.Arrays.asList("x", null, "y", "x"));
        open.add(column);
        Batch batch = new Batch(column.vector()).set(4, null);
        Expression cast = new Expression.Cast(new Expression.Column(0, ColumnType.VARCHAR), ColumnType.SYMBOL, false);
        try (ExpressionNode node = compile(cast)) {
            ColumnVector result = node.evaluate(batch, null);
            assertThat(result.getText(0)).isEqualTo("x");
            assertThat(result.isNull(1)).isTrue();
            assertThat(result.getText(2)).isEqualTo("y");
            assertThat(result.getInt(3)).isEqualTo(result.getInt(0));
        }
    }
}
