package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.exec.spill.SpillSpace;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.WindowCall;
import io.zeptodb.engine.store.CrashDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows in pieces, of a few rows each, against what the functions mean row by row. */
class PiecedWindowOperatorTest {
    private static final int SEEDS = 60;
    private static final int LEAST_COMPARED = 100;

    static List<ColumnType> orderTypes() {
        return WindowOperatorTest.orderTypes();
    }

    @ParameterizedTest
    @MethodSource("orderTypes")
    void everyFunctionInPiecesGivesWhatTheNaiveOneGives(ColumnType orderType) {
        int computed = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<ColumnType> types = WindowOperatorTest.types(orderType, random);
            List<@Nullable Object[]> rows = QueryFixture.randomRows(types, 1 + random.nextInt(300), random);
            List<SortKey> orderBy = new ArrayList<>();
            int orderKeys = random.nextInt(3);
            for (int i = 0; i < orderKeys; i++) {
                orderBy.add(new SortKey(WindowOperatorTest.ORDER + i, random.nextBoolean(), random.nextBoolean()));
            }
            List<Integer> partitionBy = random.nextInt(3) > 0 ? List.of() : List.of(0);
            for (WindowCall call : WindowOperatorTest.calls(types, orderBy, random)) {
                List<WindowCall> one = List.of(call);
                if (WindowPieces.canCompute(WindowCase.plan(types, partitionBy, orderBy, one))) {
                    check(new WindowCase("seed " + seed, types, rows, partitionBy, orderBy, one), random);
                    computed++;
                }
            }
        }
        assertThat(computed).isGreaterThan(SEEDS * 10);
    }

    @Test
    void callsThatNeedDifferentRowsGoTogether() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<ColumnType> types = WindowOperatorTest.types(ColumnType.TIMESTAMP_NS, random);
            List<@Nullable Object[]> rows = QueryFixture.randomRows(types, 1 + random.nextInt(600), random);
            List<SortKey> orderBy = List.of(new SortKey(WindowOperatorTest.ORDER, random.nextBoolean(), false));
            List<Integer> partitionBy = random.nextBoolean() ? List.of() : List.of(0);
            List<WindowCall> calls = WindowOperatorTest.calls(types, orderBy, random).stream()
                    .filter(call ->
                            WindowPieces.canCompute(WindowCase.plan(types, partitionBy, orderBy, List.of(call))))
                    .toList();
            check(new WindowCase("seed " + seed, types, rows, partitionBy, orderBy, calls), random);
        }
    }

    private static void check(WindowCase windows, Random random) {
        CrashDirectory disk = new CrashDirectory();
        try (QueryFixture fixture = new QueryFixture()) {
            SpillSpace space = new SpillSpace(() -> disk, free -> 1 << 24, () -> {});
            Operator pieces = new PiecedWindowOperator(
                    windows.plan(),
                    fixture.context.withSpill(space),
                    fixture.source(windows.types(), windows.ordered(), random),
                    1 + random.nextInt(100));
            List<List<@Nullable Object>> actual = QueryFixture.drain(pieces);
            assertThat(space.usedBytes()).isZero();
            assertThat(disk.list()).isEmpty();
            windows.check(fixture, actual, LEAST_COMPARED);
        }
    }
}
