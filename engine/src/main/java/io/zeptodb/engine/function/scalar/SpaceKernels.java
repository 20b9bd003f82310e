package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.function.ScalarFunction;
import org.jspecify.annotations.Nullable;

/** Distances on the Earth taken as a sphere, by the haversine formula, which stays exact for points close to each other. */
final class SpaceKernels {
    /** Mean radius of the Earth in metres (IUGG). */
    static final double EARTH_RADIUS = 6_371_008.8;

    private static final ColumnType DOUBLE = ColumnType.DOUBLE;

    private SpaceKernels() {}

    static @Nullable ScalarFunction resolve(Call call) {
        if (call.name().equals("haversine")) {
            return call.total(
                    DOUBLE,
                    (arguments, selection, rowCount, result, context) -> {
                        int[] positions = Rows.positions(selection);
                        int count = Rows.count(selection, rowCount);
                        for (int i = 0; i < count; i++) {
                            int at = positions == null ? i : positions[i];
                            result.setDouble(at, distance(arguments, at));
                        }
                    },
                    DOUBLE,
                    DOUBLE,
                    DOUBLE,
                    DOUBLE);
        }
        return call.total(
                ColumnType.BOOLEAN,
                (arguments, selection, rowCount, result, context) -> {
                    int[] positions = Rows.positions(selection);
                    int count = Rows.count(selection, rowCount);
                    for (int i = 0; i < count; i++) {
                        int at = positions == null ? i : positions[i];
                        result.setBoolean(at, distance(arguments, at) <= arguments[4].getDouble(at));
                    }
                },
                DOUBLE,
                DOUBLE,
                DOUBLE,
                DOUBLE,
                DOUBLE);
    }

    private static double distance(ColumnVector[] arguments, int row) {
        return metres(
                arguments[0].getDouble(row),
                arguments[1].getDouble(row),
                arguments[2].getDouble(row),
                arguments[3].getDouble(row));
    }

    /** Metres between two points in degrees. */
    static double metres(double latitude, double longitude, double otherLatitude, double otherLongitude) {
        double from = Math.toRadians(latitude);
        double to = Math.toRadians(otherLatitude);
        double halfNorth = Math.sin((to - from) / 2);
        double halfEast = Math.sin(Math.toRadians(otherLongitude - longitude) / 2);
        double haversine = halfNorth * halfNorth + Math.cos(from) * Math.cos(to) * halfEast * halfEast;
        return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(haversine)));
    }
}
