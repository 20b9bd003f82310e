package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.WindowCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Window calls over rows, and what they shall give. */
record WindowCase(
        String name,
        List<ColumnType> types,
        List<@Nullable Object[]> rows,
        List<Integer> partitionBy,
        List<SortKey> orderBy,
        List<WindowCall> calls) {
    static PhysicalPlan.Window plan(
            List<ColumnType> types, List<Integer> partitionBy, List<SortKey> orderBy, List<WindowCall> calls) {
        List<ColumnType> output = new ArrayList<>(types);
        calls.forEach(call -> output.add(call.type()));
        return new PhysicalPlan.Window(
                QueryFixture.shape(types), partitionBy, orderBy, List.of(), calls, QueryFixture.columns(output));
    }

    PhysicalPlan.Window plan() {
        return plan(types, partitionBy, orderBy, calls);
    }

    /** The rows as an operator gives them. */
    List<@Nullable Object[]> ordered() {
        return NaiveWindow.inOrder(rows, partitionBy, orderBy);
    }

    /**
     * Compares what an operator gave with what the functions mean row by row.
     *
     * @param compared results of each call that are compared at least, when there are so many
     */
    void check(QueryFixture fixture, List<List<@Nullable Object>> actual, int compared) {
        List<@Nullable Object[]> ordered = ordered();
        assertThat(actual).as(name).hasSize(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            assertThat(actual.get(i).subList(0, types.size()))
                    .as("%s row %d", name, i)
                    .isEqualTo(QueryFixture.normalRow(ordered.get(i)));
        }
        NaiveWindow naive = new NaiveWindow(fixture, types, ordered, partitionBy, orderBy);
        int step = 1 + rows.size() / compared;
        for (int c = 0; c < calls.size(); c++) {
            List<@Nullable Object> expected = naive.compute(calls.get(c), step);
            for (int i = 0; i < rows.size(); i += step) {
                Object got = actual.get(i).get(types.size() + c);
                if (!NaiveWindow.near(expected.get(i), got)) {
                    assertThat(got)
                            .as("%s call %s partition %s order %s row %d", name, calls.get(c), partitionBy, orderBy, i)
                            .isEqualTo(expected.get(i));
                }
            }
        }
    }
}
