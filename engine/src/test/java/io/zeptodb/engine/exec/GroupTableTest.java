package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.MemoryFixture;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.TestVectors;
import io.zeptodb.engine.batch.WritableColumn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupTableTest extends MemoryFixture {
    private static final int BATCH = 1000;

    static List<List<ColumnType>> keyTypes() {
        return List.of(
                List.of(ColumnType.INTEGER),
                List.of(ColumnType.BIGINT),
                List.of(ColumnType.SYMBOL),
                List.of(ColumnType.TIMESTAMP_NS),
                List.of(ColumnType.DOUBLE),
                List.of(ColumnType.REAL),
                List.of(ColumnType.VARCHAR),
                List.of(ColumnType.VARBINARY),
                List.of(ColumnType.BOOLEAN),
                List.of(ColumnType.TINYINT),
                List.of(ColumnType.SMALLINT),
                List.of(ColumnType.decimal(38, 4)),
                List.of(ColumnType.SYMBOL, ColumnType.BIGINT),
                List.of(ColumnType.VARCHAR, ColumnType.BOOLEAN, ColumnType.DOUBLE),
                List.of(ColumnType.decimal(10, 2), ColumnType.DATE, ColumnType.VARCHAR));
    }

    @ParameterizedTest
    @MethodSource("keyTypes")
    void numbersKeysAsAMapDoes(List<ColumnType> types) {
        for (int seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            Map<List<Object>, Integer> model = new HashMap<>();
            List<List<Object>> order = new ArrayList<>();
            try (GroupTable table = new GroupTable(budget, types)) {
                for (int b = 0; b < 6; b++) {
                    boolean nulls = random.nextBoolean();
                    List<List<Object>> rows = randomRows(random, types, BATCH, nulls, 20 << (seed * 2));
                    SelectionVector selection = random.nextBoolean() ? randomSelection(random, BATCH) : null;
                    int[] groups = new int[BATCH];
                    int[] before = new int[BATCH];
                    withVectors(types, rows, vectors -> {
                        table.find(vectors, selection, BATCH, before);
                        table.assign(vectors, selection, BATCH, groups);
                    });
                    int count = selection == null ? BATCH : selection.count();
                    for (int i = 0; i < count; i++) {
                        int row = selection == null ? i : selection.positions()[i];
                        List<Object> key = normal(rows.get(row));
                        assertThat(before[row]).isLessThan(order.size());
                        Integer group = model.get(key);
                        if (group == null) {
                            group = order.size();
                            model.put(key, group);
                            order.add(key);
                            assertThat(before[row]).isEqualTo(-1);
                        }
                        assertThat(table.key(0).isNull(group)).isEqualTo(key.get(0) == null);
                        assertThat(groups[row])
                                .as("seed %d batch %d row %d", seed, b, row)
                                .isEqualTo(group);
                    }
                    assertThat(table.groupCount()).isEqualTo(order.size());
                }
                for (int k = 0; k < types.size(); k++) {
                    ColumnVector keys = table.key(k);
                    for (int g = 0; g < order.size(); g++) {
                        assertThat(normal(TestVectors.get(keys, g)))
                                .isEqualTo(order.get(g).get(k));
                    }
                }
            }
        }
    }

    @Test
    void aMillionGroupsOfTwoColumns() {
        int batches = 250;
        int rows = 4000;
        try (GroupTable table = new GroupTable(budget, List.of(ColumnType.BIGINT, ColumnType.INTEGER));
                WritableColumn left = new WritableColumn(budget, ColumnType.BIGINT);
                WritableColumn right = new WritableColumn(budget, ColumnType.INTEGER)) {
            int[] groups = new int[rows];
            for (int round = 0; round < 2; round++) {
                for (int b = 0; b < batches; b++) {
                    left.clear();
                    right.clear();
                    left.reserve(rows);
                    right.reserve(rows);
                    for (int i = 0; i < rows; i++) {
                        long n = (long) b * rows + i;
                        left.setLong(i, (n / 7) << 40);
                        right.setLong(i, n % 7);
                    }
                    table.assign(new ColumnVector[] {left.vector(), right.vector()}, null, rows, groups);
                    ColumnVector storedLeft = table.key(0);
                    ColumnVector storedRight = table.key(1);
                    for (int i = 0; i < rows; i++) {
                        // a hash shared with another key of the batch may change the order inside it
                        assertThat(groups[i] / rows).isEqualTo(b);
                        assertThat(storedLeft.getLong(groups[i]))
                                .isEqualTo(left.vector().getLong(i));
                        assertThat(storedRight.getInt(groups[i]))
                                .isEqualTo(right.vector().getInt(i));
                    }
                }
            }
            assertThat(table.groupCount()).isEqualTo(batches * rows);
        }
    }

    @Test
    void constantKeysAndNoKeys() {
        try (GroupTable one = new GroupTable(budget, List.of());
                GroupTable table = new GroupTable(budget, List.of(ColumnType.VARCHAR));
                WritableColumn text =
                        TestVectors.column(budget, ColumnType.VARCHAR, List.of("a text longer than twelve bytes"))) {
            int[] groups = new int[10];
            one.find(new ColumnVector[0], null, 10, groups);
            assertThat(groups).containsOnly(-1);
            one.assign(new ColumnVector[0], null, 10, groups);
            assertThat(groups).containsOnly(0);
            assertThat(one.groupCount()).isEqualTo(1);
            table.assign(new ColumnVector[] {text.vector().asConstant(true)}, null, 10, groups);
            assertThat(groups).containsOnly(0);
            assertThat(table.groupCount()).isEqualTo(1);
            assertThat(table.key(0).getText(0)).isEqualTo("a text longer than twelve bytes");
        }
    }

    @Test
    void signedZerosAndNansAreOneGroupEach() {
        List<Object> values = List.of(0.0, -0.0, Double.NaN, Double.longBitsToDouble(0xFFF8000000000001L), 1.0);
        try (GroupTable table = new GroupTable(budget, List.of(ColumnType.DOUBLE));
                WritableColumn column = TestVectors.column(budget, ColumnType.DOUBLE, values)) {
            int[] groups = new int[5];
            table.assign(new ColumnVector[] {column.vector()}, null, 5, groups);
            assertThat(groups).containsExactly(0, 0, 1, 1, 2);
        }
    }

    @Test
    void aBudgetThatIsTooSmallIsAnErrorAndEverythingIsGivenBack() {
        try (MemoryBudget small = new MemoryBudget(root.newChildAllocator("small", 0, 1 << 20));
                WritableColumn column = new WritableColumn(budget, ColumnType.BIGINT)) {
            column.reserve(200_000);
            for (int i = 0; i < 200_000; i++) {
                column.setLong(i, i);
            }
            int[] groups = new int[200_000];
            GroupTable table = new GroupTable(small, List.of(ColumnType.BIGINT));
            assertThatThrownBy(() -> table.assign(new ColumnVector[] {column.vector()}, null, 200_000, groups))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY));
            table.close();
            assertThat(small.usedBytes()).isZero();
        }
    }

    private interface VectorsUse {
        void with(ColumnVector[] vectors);
    }

    private void withVectors(List<ColumnType> types, List<List<Object>> rows, VectorsUse use) {
        WritableColumn[] columns = new WritableColumn[types.size()];
        ColumnVector[] vectors = new ColumnVector[types.size()];
        for (int k = 0; k < columns.length; k++) {
            int column = k;
            List<Object> values = new ArrayList<>();
            rows.forEach(row -> values.add(row.get(column)));
            columns[k] = TestVectors.column(budget, types.get(k), values);
            vectors[k] = columns[k].vector();
        }
        use.with(vectors);
        for (WritableColumn column : columns) {
            column.close();
        }
    }

    private static SelectionVector randomSelection(Random random, int rows) {
        SelectionVector selection = new SelectionVector(rows);
        int count = 0;
        for (int i = 0; i < rows; i++) {
            if (random.nextInt(3) > 0) {
                selection.positions()[count++] = i;
            }
        }
        selection.setCount(count);
        return selection;
    }

    private static List<List<Object>> randomRows(
            Random random, List<ColumnType> types, int rows, boolean nulls, int distinct) {
        List<List<Object>> result = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            List<Object> row = new ArrayList<>();
            for (ColumnType type : types) {
                row.add(nulls && random.nextInt(10) == 0 ? null : randomValue(random, type, distinct));
            }
            result.add(row);
        }
        return result;
    }

    private static Object randomValue(Random random, ColumnType type, int distinct) {
        int n = random.nextInt(distinct) - distinct / 3;
        return switch (type.kind()) {
            case BOOLEAN -> n % 2 == 0;
            case TINYINT -> (long) (byte) n;
            case SMALLINT -> (long) (short) n;
            case SYMBOL -> (long) Math.abs(n);
            case INTEGER, DATE -> (long) n;
            case REAL, DOUBLE -> n == 0 ? -0.0 : n / 4.0;
            case DECIMAL -> BigDecimal.valueOf((long) n << 34, type.scale()).multiply(BigDecimal.valueOf(n % 5));
            case VARCHAR -> n % 2 == 0 ? "k" + n : "a key longer than a view " + n;
            case VARBINARY -> new byte[] {(byte) n, (byte) (n >> 8), 0, (byte) (n >> 16)};
            default -> (long) n << 33;
        };
    }

    private static List<Object> normal(List<Object> key) {
        List<Object> result = new ArrayList<>();
        key.forEach(value -> result.add(normal(value)));
        return result;
    }

    private static Object normal(Object value) {
        if (value instanceof Double d) {
            return d + 0.0;
        }
        if (value instanceof BigDecimal d) {
            return d.stripTrailingZeros();
        }
        return value instanceof byte[] bytes ? new java.math.BigInteger(bytes) : value;
    }
}
