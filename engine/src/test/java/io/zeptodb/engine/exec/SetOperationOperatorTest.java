package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetOperationOperatorTest {
    private static final int SEEDS = 30;

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void givesWhatBagsOfRowsGive(boolean except, boolean all) {
        List<List<ColumnType>> shapes = List.of(
                List.of(ColumnType.BIGINT),
                List.of(ColumnType.SYMBOL),
                List.of(ColumnType.BOOLEAN, ColumnType.VARCHAR),
                List.of(ColumnType.DOUBLE, ColumnType.SYMBOL, ColumnType.SMALLINT));
        for (List<ColumnType> types : shapes) {
            for (int seed = 0; seed < SEEDS; seed++) {
                Random random = new Random(seed);
                List<@Nullable Object[]> left = QueryFixture.randomRows(types, random.nextInt(400), random);
                List<@Nullable Object[]> right = QueryFixture.randomRows(types, random.nextInt(200), random);
                try (QueryFixture fixture = new QueryFixture()) {
                    PhysicalPlan.SetOperation plan = new PhysicalPlan.SetOperation(
                            except,
                            all,
                            QueryFixture.shape(types),
                            QueryFixture.shape(types),
                            QueryFixture.columns(types));
                    Operator operation = new SetOperationOperator(
                            plan,
                            fixture.context,
                            fixture.source(types, left, random),
                            fixture.source(types, right, random));
                    assertThat(QueryFixture.drain(operation))
                            .as("seed %d of %s", seed, types)
                            .isEqualTo(naive(except, all, left, right));
                }
            }
        }
    }

    private static List<List<@Nullable Object>> naive(
            boolean except, boolean all, List<@Nullable Object[]> left, List<@Nullable Object[]> right) {
        List<String> rest = new ArrayList<>();
        right.forEach(row -> rest.add(key(row)));
        List<String> seen = new ArrayList<>();
        List<List<@Nullable Object>> result = new ArrayList<>();
        for (Object[] row : left) {
            String key = key(row);
            boolean met = all ? rest.remove(key) : rest.contains(key);
            boolean first = all || !seen.contains(key);
            if (met != except && first) {
                result.add(QueryFixture.normalRow(row));
                seen.add(key);
            }
        }
        return result;
    }

    private static String key(@Nullable Object[] row) {
        return QueryFixture.normalRow(row).toString().replace("-0.0", "0.0");
    }
}
