package io.zeptodb.engine.exec;

import io.zeptodb.engine.plan.PhysicalPlan.JoinType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** What a join means, row by row. */
final class NaiveJoin {
    private NaiveJoin() {}

    static List<List<@Nullable Object>> join(
            JoinType type,
            List<@Nullable Object[]> left,
            List<@Nullable Object[]> right,
            int leftWidth,
            int rightWidth,
            BiPredicate<@Nullable Object[], @Nullable Object[]> condition) {
        List<List<@Nullable Object>> result = new ArrayList<>();
        boolean[] rightMatched = new boolean[right.size()];
        for (Object[] row : left) {
            boolean matched = false;
            for (int r = 0; r < right.size(); r++) {
                if (condition.test(row, right.get(r))) {
                    matched = true;
                    rightMatched[r] = true;
                    if (!JoinProbe.isLeftOnly(type) && !JoinProbe.isRightOnly(type)) {
                        result.add(joined(row, right.get(r)));
                    }
                }
            }
            if (type == JoinType.MARK) {
                List<@Nullable Object> marked = QueryFixture.normalRow(row);
                marked.add(matched);
                result.add(marked);
            } else if ((type == JoinType.SEMI && matched) || (type == JoinType.ANTI && !matched)) {
                result.add(QueryFixture.normalRow(row));
            } else if (!matched && JoinProbe.keepsLeft(type)) {
                result.add(joined(row, new Object[rightWidth]));
            }
        }
        for (int r = 0; r < right.size(); r++) {
            if (JoinProbe.isRightOnly(type)) {
                if (rightMatched[r] == (type == JoinType.RIGHT_SEMI)) {
                    result.add(QueryFixture.normalRow(right.get(r)));
                }
            } else if (JoinProbe.keepsRight(type) && !rightMatched[r]) {
                result.add(joined(new Object[leftWidth], right.get(r)));
            }
        }
        return result;
    }

    private static List<@Nullable Object> joined(@Nullable Object[] left, @Nullable Object[] right) {
        List<@Nullable Object> row = QueryFixture.normalRow(left);
        row.addAll(QueryFixture.normalRow(right));
        return row;
    }

    /** Equality of join keys: NaN equals NaN, -0.0 equals 0.0, NULL equals NULL only when asked. */
    static boolean keysEqual(@Nullable Object one, @Nullable Object other, boolean nullMatches) {
        if (one == null || other == null) {
            return nullMatches && one == other;
        }
        return canonical(one).equals(canonical(other));
    }

    private static Object canonical(Object value) {
        Object normal = QueryFixture.normal(value);
        return normal instanceof Double number
                ? (Object) (number + 0.0)
                : normal == null ? Collections.emptyList() : normal;
    }
}
