package io.zeptodb.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.TestVectors;
import io.zeptodb.engine.batch.WritableColumn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Feeds rows to an aggregate in every way there is, and compares the results with a model over Java objects. */
final class AggregateHarness {
    /** What an aggregate should give for the rows of one group, each a list of arguments, in the order of arrival. */
    interface Model {
        @Nullable
        Object of(List<List<@Nullable Object>> rows);
    }

    private static final int BATCH = 257;

    private final MemoryBudget budget;
    private final Random random;
    private final double tolerance;
    private final @Nullable SymbolDictionary dictionary;

    /** @param tolerance relative, for doubles */
    AggregateHarness(MemoryBudget budget, long seed, double tolerance, @Nullable SymbolDictionary dictionary) {
        this.budget = budget;
        this.random = new Random(seed);
        this.tolerance = tolerance;
        this.dictionary = dictionary;
    }

    void check(AggregateFunction function, List<List<@Nullable Object>> rows, int groupCount, Model model) {
        int[] groups = random.ints(rows.size(), 0, groupCount).toArray();
        List<@Nullable Object> expected = new ArrayList<>();
        for (int g = 0; g < groupCount; g++) {
            expected.add(model.of(rowsOf(rows, groups, g)));
        }
        try (Aggregator scattered = function.newAggregator(budget);
                Aggregator one = function.newAggregator(budget);
                Aggregator ranges = function.newAggregator(budget);
                Aggregator merged = function.newAggregator(budget)) {
            scatter(function, scattered, rows, groups, groupCount);
            compare(function, "update", scattered, expected);
            groupByGroup(function, one, rows, groups, groupCount);
            compare(function, "updateGroup", one, expected);
            ranges(function, ranges, rows, groups, groupCount);
            compare(function, "updateRanges", ranges, expected);
            split(function, merged, rows, groups, groupCount);
            compare(function, "merge", merged, expected);
        }
    }

    private static List<List<@Nullable Object>> rowsOf(List<List<@Nullable Object>> rows, int[] groups, int group) {
        List<List<@Nullable Object>> own = new ArrayList<>();
        for (int i = 0; i < groups.length; i++) {
            if (groups[i] == group) {
                own.add(rows.get(i));
            }
        }
        return own;
    }

    private void scatter(
            AggregateFunction function,
            Aggregator aggregator,
            List<List<@Nullable Object>> rows,
            int[] groups,
            int groupCount) {
        aggregator.reserve(rows.isEmpty() ? groupCount : groupCount / 2);
        for (int from = 0; from < rows.size(); from += BATCH) {
            int to = Math.min(rows.size(), from + BATCH);
            aggregator.reserve(groupCount);
            if (random.nextBoolean()) {
                int[] batch = java.util.Arrays.copyOfRange(groups, from, to);
                with(
                        function,
                        rows.subList(from, to),
                        vectors -> aggregator.update(vectors, null, batch.length, batch));
            } else {
                padded(function, aggregator, rows.subList(from, to), groups, from);
            }
        }
    }

    /** Rows that are not selected lie between those that are. */
    private void padded(
            AggregateFunction function,
            Aggregator aggregator,
            List<List<@Nullable Object>> rows,
            int[] groups,
            int from) {
        List<List<@Nullable Object>> all = new ArrayList<>();
        SelectionVector selection = new SelectionVector(rows.size());
        int[] padded = new int[rows.size() * 2];
        int count = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (random.nextBoolean()) {
                all.add(rows.get(random.nextInt(rows.size())));
            }
            selection.positions()[count++] = all.size();
            padded[all.size()] = groups[from + i];
            all.add(rows.get(i));
        }
        selection.setCount(count);
        with(function, all, vectors -> aggregator.update(vectors, selection, all.size(), padded));
    }

    private void groupByGroup(
            AggregateFunction function,
            Aggregator aggregator,
            List<List<@Nullable Object>> rows,
            int[] groups,
            int groupCount) {
        aggregator.reserve(groupCount);
        for (int g = 0; g < groupCount; g++) {
            int group = g;
            List<List<@Nullable Object>> own = rowsOf(rows, groups, g);
            int cut = own.isEmpty() ? 0 : random.nextInt(own.size());
            with(function, own.subList(0, cut), vectors -> aggregator.updateGroup(group, vectors, null, cut));
            SelectionVector rest = new SelectionVector(own.size());
            for (int i = cut; i < own.size(); i++) {
                rest.positions()[i - cut] = i;
            }
            rest.setCount(own.size() - cut);
            with(function, own, vectors -> aggregator.updateGroup(group, vectors, rest, own.size()));
        }
    }

    private void ranges(
            AggregateFunction function,
            Aggregator aggregator,
            List<List<@Nullable Object>> rows,
            int[] groups,
            int groupCount) {
        TreeMap<Integer, List<List<@Nullable Object>>> byGroup = new TreeMap<>();
        for (int g = 0; g < groupCount; g++) {
            byGroup.put(g, rowsOf(rows, groups, g));
        }
        // in two parts, so that a group is met twice
        for (int part = 0; part < 2; part++) {
            List<List<@Nullable Object>> all = new ArrayList<>();
            RowRanges ranges = new RowRanges();
            for (int g = 0; g < groupCount; g++) {
                List<List<@Nullable Object>> own = byGroup.get(g);
                all.addAll(part == 0 ? own.subList(0, own.size() / 3) : own.subList(own.size() / 3, own.size()));
                ranges.add(all.size(), g);
            }
            aggregator.reserve(groupCount);
            with(function, all, vectors -> aggregator.updateRanges(vectors, ranges));
        }
    }

    private void split(
            AggregateFunction function,
            Aggregator aggregator,
            List<List<@Nullable Object>> rows,
            int[] groups,
            int groupCount) {
        int parts = 3;
        int[] partOf = new int[rows.size()];
        for (int i = 0; i < partOf.length; i++) {
            partOf[i] = aggregator.dependsOnArrival() ? i * parts / partOf.length : random.nextInt(parts);
        }
        aggregator.reserve(groupCount);
        for (int p = 0; p < parts; p++) {
            List<List<@Nullable Object>> own = new ArrayList<>();
            int[] theirs = new int[rows.size()];
            for (int i = 0; i < partOf.length; i++) {
                if (partOf[i] == p) {
                    theirs[own.size()] = groupCount - 1 - groups[i];
                    own.add(rows.get(i));
                }
            }
            int[] map = new int[groupCount];
            for (int g = 0; g < groupCount; g++) {
                map[g] = groupCount - 1 - g;
            }
            try (Aggregator partial = function.newAggregator(budget)) {
                partial.reserve(groupCount);
                with(function, own, vectors -> partial.update(vectors, null, own.size(), theirs));
                aggregator.merge(partial, map, groupCount);
            }
        }
    }

    private interface Use {
        void of(ColumnVector[] vectors);
    }

    private void with(AggregateFunction function, List<List<@Nullable Object>> rows, Use use) {
        List<ColumnType> types = function.parameters();
        WritableColumn[] columns = new WritableColumn[types.size()];
        ColumnVector[] vectors = new ColumnVector[types.size()];
        for (int c = 0; c < columns.length; c++) {
            List<@Nullable Object> values = new ArrayList<>();
            for (List<@Nullable Object> row : rows) {
                values.add(row.get(c));
            }
            columns[c] = TestVectors.column(budget, types.get(c), values);
            vectors[c] = columns[c].vector();
            if (types.get(c).equals(ColumnType.SYMBOL)) {
                vectors[c].withDictionary(dictionary);
            }
        }
        try {
            use.of(vectors);
        } finally {
            for (WritableColumn column : columns) {
                column.close();
            }
        }
    }

    private void compare(
            AggregateFunction function, String way, Aggregator aggregator, List<@Nullable Object> expected) {
        int half = expected.size() / 2;
        try (WritableColumn result = new WritableColumn(budget, function.result())) {
            finish(function, way, aggregator, result, 0, expected.subList(0, half));
            result.clear();
            finish(function, way, aggregator, result, half, expected.subList(half, expected.size()));
        }
    }

    private void finish(
            AggregateFunction function,
            String way,
            Aggregator aggregator,
            WritableColumn result,
            int from,
            List<@Nullable Object> expected) {
        result.reserve(expected.size() + 1);
        aggregator.finish(from, expected.size(), result);
        result.setRowCount(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            Object actual = TestVectors.get(result.vector(), i);
            String what = function.name() + function.parameters() + " by " + way + ", group " + (from + i);
            if (expected.get(i) instanceof Double wanted && !wanted.isNaN() && !wanted.isInfinite()) {
                assertThat(actual).as(what).isInstanceOf(Double.class);
                assertThat((Double) actual).as(what).isCloseTo(wanted, within(wanted));
            } else if (expected.get(i) instanceof BigDecimal wanted) {
                assertThat((BigDecimal) actual).as(what).isEqualByComparingTo(wanted);
            } else {
                assertThat(actual).as(what).isEqualTo(expected.get(i));
            }
        }
    }

    private org.assertj.core.data.Offset<Double> within(double wanted) {
        return org.assertj.core.data.Offset.offset(Math.max(Math.abs(wanted), 1e-3) * tolerance);
    }
}
