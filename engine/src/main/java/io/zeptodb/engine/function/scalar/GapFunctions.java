package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyHashing;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The functions that fill gaps of time. They are not computed row by row: the planner turns an aggregation with them into one whose gaps are
 * filled, and what it leaves of them stands where it cannot.
 */
public final class GapFunctions {
    private static final String EXAMPLE_FROM =
            " FROM (VALUES (1.0, TIMESTAMP '2024-01-01 00:00:00'), (3.0, TIMESTAMP '2024-01-01 00:02:00')) AS t(x, ts)"
                    + " GROUP BY 1 ORDER BY 1 LIMIT 1 OFFSET 1";

    private static final String EXAMPLE_BUCKET = "SELECT time_bucket_gapfill(INTERVAL '1' MINUTE, ts), ";
    private static final int MOST_ARGUMENTS = 6;
    private static final int ZONE = 5;
    private static final int TOGETHER = 3;
    /** Any odd number: seeds 0 and 1 are as good as others. */
    private static final long SEED_SHIFT = 0x9E3779B97F4A7C15L;
    /** Of 64 bits a double holds 53. */
    private static final int UNUSED_BITS = 11;

    private static final double FRACTION = 0x1p-53;

    private GapFunctions() {}

    public static List<FunctionDefinition> definitions() {
        return new Section("Time", GapFunctions::function)
                .add(
                        "time_bucket_gapfill",
                        "time_bucket_gapfill(width, ts [, start, finish [, [origin,] zone]])",
                        "As time_bucket, in GROUP BY: buckets without rows get one, for each of the other groups, from start (inclusive) to finish"
                                + " (exclusive), which also leave out the rows outside; NULL or nothing for what WHERE says of ts, else what the rows have.",
                        EXAMPLE_BUCKET + "count(*)" + EXAMPLE_FROM,
                        "2024-01-01 00:01:00 NULL")
                .add(
                        "locf",
                        "locf(x)",
                        "Beside time_bucket_gapfill: the aggregate x, and in rows that were added the last one before that is not NULL.",
                        EXAMPLE_BUCKET + "locf(max(x))" + EXAMPLE_FROM,
                        "2024-01-01 00:01:00 1.0")
                .add(
                        "interpolate",
                        "interpolate(x)",
                        "Beside time_bucket_gapfill: the aggregate x as DOUBLE, and in rows that were added the value on the line in time between the"
                                + " nearest ones before and behind that are not NULL; NULL at the ends.",
                        EXAMPLE_BUCKET + "interpolate(max(x))" + EXAMPLE_FROM,
                        "2024-01-01 00:01:00 2")
                .add(
                        "fill_value",
                        "fill_value(x, value)",
                        "Beside time_bucket_gapfill: the aggregate x, and the value in rows that were added.",
                        EXAMPLE_BUCKET + "fill_value(count(*), 0)" + EXAMPLE_FROM,
                        "2024-01-01 00:01:00 0")
                .add(
                        "sample_row",
                        "sample_row(number, share, seed, together)",
                        "Whether a number is in a sample that has such a share of all numbers, as TABLESAMPLE decides by the order of ingest; numbers that"
                                + " differ only by their rest when divided by the last argument go together.",
                        "SELECT sample_row(7, 1.0, 0, 1), sample_row(7, 0.0, 0, 1)",
                        "true false")
                .definitions();
    }

    private static @Nullable ScalarFunction function(Call call) {
        return switch (call.name()) {
            case "time_bucket_gapfill" -> bucket(call);
            case "locf" -> call.count() == 1 ? misplaced(call, value(call), value(call)) : null;
            case "sample_row" ->
                call.partial(
                        ColumnType.BOOLEAN,
                        GapFunctions::sample,
                        ColumnType.BIGINT,
                        ColumnType.DOUBLE,
                        ColumnType.BIGINT,
                        ColumnType.BIGINT);
            case "interpolate" -> call.partial(ColumnType.DOUBLE, kernel(call.name()), ColumnType.DOUBLE);
            default -> call.count() == 2 ? misplaced(call, value(call), value(call), value(call)) : null;
        };
    }

    private static ColumnType value(Call call) {
        ColumnType type = call.isNull(0) && call.count() > 1 ? call.type(1) : call.type(0);
        return type.kind() == TypeKind.NULL || type.kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : type;
    }

    private static @Nullable ScalarFunction bucket(Call call) {
        int count = call.count();
        boolean known = count == 2 || (count > 3 && count <= MOST_ARGUMENTS);
        if (!known) {
            return null;
        }
        boolean interval = call.kind(0) == TypeKind.INTERVAL_DAY || call.kind(0) == TypeKind.INTERVAL_MONTH;
        ColumnType time = ColumnType.TIMESTAMP_NS;
        ColumnType[] parameters = {
            interval ? call.type(0) : ColumnType.BIGINT, time, time, time, time, ColumnType.VARCHAR
        };
        if (count == ZONE) {
            parameters[ZONE - 1] = ColumnType.VARCHAR;
        }
        return misplaced(call, time, Arrays.copyOf(parameters, count));
    }

    private static @Nullable ScalarFunction misplaced(Call call, ColumnType result, ColumnType... parameters) {
        return call.partial(result, kernel(call.name()), parameters);
    }

    /** A row passes when the hash of its number and the seed, as a fraction of all hashes, is below the share. */
    private static void sample(
            ColumnVector[] arguments,
            @Nullable SelectionVector selection,
            int rowCount,
            WritableColumn result,
            FunctionContext context) {
        int[] positions = Rows.positions(selection);
        int count = Rows.count(selection, rowCount);
        ColumnVector numbers = arguments[0];
        ColumnVector shares = arguments[1];
        ColumnVector seeds = arguments[2];
        ColumnVector together = arguments[TOGETHER];
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            double share = shares.getDouble(at);
            long size = together.getLong(at);
            if (!(share >= 0 && share <= 1) || size < 1) {
                throw Failures.invalidArgument(
                        "sample_row",
                        "the share must be from 0 to 1 and the last argument positive, got " + share + ", " + size);
            }
            long group = size == 1 ? numbers.getLong(at) : Math.floorDiv(numbers.getLong(at), size);
            long hash = KeyHashing.mix(KeyHashing.mix(seeds.getLong(at) + SEED_SHIFT) ^ group);
            result.setBoolean(at, (hash >>> UNUSED_BITS) * FRACTION < share);
        }
    }

    private static ScalarKernel kernel(String name) {
        return (arguments, selection, rowCount, result, context) -> {
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT,
                    name.equals("time_bucket_gapfill")
                            ? "time_bucket_gapfill stands in GROUP BY: it fills the gaps of an aggregation"
                            : name
                                    + " stands beside time_bucket_gapfill, around the aggregates of a SELECT with GROUP BY");
        };
    }
}
