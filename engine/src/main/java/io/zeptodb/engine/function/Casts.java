package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.scalar.NestedCasts;
import io.zeptodb.engine.function.scalar.NumberCasts;
import io.zeptodb.engine.function.scalar.TemporalCasts;
import io.zeptodb.engine.function.scalar.TextCasts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conversions between types, as CAST, TRY_CAST and implicit conversion do them:
 *
 * <ul>
 *   <li>a number that does not fit is an error (22003); fractions are rounded to the nearest, halves of a DECIMAL away from zero, halves of a
 *       DOUBLE or REAL to even, as in PostgreSQL; a DOUBLE becomes the DECIMAL of its shortest text;
 *   <li>BOOLEAN is 1 and 0 among integers;
 *   <li>a TIMESTAMP, TIME or INTERVAL DAY TO SECOND is its nanoseconds among integers; fewer fractional digits cut the rest off, toward the past;
 *   <li>text is read and written as {@link io.zeptodb.engine.api.TemporalText}, {@link io.zeptodb.engine.api.NumberText} and their
 *       neighbours have it; text that is no value is an error (22P02; 22007 for times, 22008 for a day that its month does not have) that shows it;
 *   <li>there is no cast to SYMBOL: a symbol belongs to the dictionary of a table.
 * </ul>
 */
public final class Casts {
    private Casts() {}

    /**
     * The conversion as a strict function of one argument, or null when there is none.
     *
     * @param lenient what cannot be converted gives NULL, not an error
     */
    public static @Nullable ScalarFunction find(ColumnType from, ColumnType to, boolean lenient) {
        ScalarKernel kernel = kernel(from, to, lenient);
        if (kernel == null) {
            return null;
        }
        boolean mayFail = !lenient && mayFail(from, to);
        return new ScalarFunction("cast", List.of(from), to, NullRule.STRICT, mayFail, true, kernel);
    }

    private static @Nullable ScalarKernel kernel(ColumnType from, ColumnType to, boolean lenient) {
        if (from.kind() == TypeKind.NULL) {
            // every row is NULL already: there is no value to convert
            return (arguments, selection, rowCount, result, context) -> {};
        }
        if (to.kind().isNested() || (from.kind().isNested() && to.kind() != TypeKind.VARCHAR)) {
            return NestedCasts.find(from, to, (part, wanted) -> find(part, wanted, lenient));
        }
        if (to.kind() == TypeKind.VARCHAR) {
            return TextCasts.toText(from);
        }
        if (from.kind().isText()) {
            return TextCasts.fromText(from, to, lenient);
        }
        if (from.kind().isNumeric() && to.kind().isNumeric()) {
            return NumberCasts.find(from, to, lenient);
        }
        return TemporalCasts.find(from, to, lenient);
    }

    /** Whether some value of the one type is no value of the other. */
    private static boolean mayFail(ColumnType from, ColumnType to) {
        TypeKind source = from.kind();
        TypeKind target = to.kind();
        if (target.isNested()) {
            return true;
        }
        if (source == TypeKind.NULL || source == target) {
            return target == TypeKind.DECIMAL
                    && from.precision() - from.scale() >= to.precision() - to.scale()
                    && !from.equals(to);
        }
        if (target == TypeKind.VARCHAR || (target == TypeKind.BOOLEAN && source.isInteger())) {
            return false;
        }
        if (source.isText()) {
            return target != TypeKind.SYMBOL;
        }
        if (source == TypeKind.BOOLEAN || target == TypeKind.DOUBLE) {
            return false;
        }
        if (source.isInteger()) {
            boolean wider = target.isInteger() && target.width() >= source.width();
            return !(wider
                    || target == TypeKind.REAL
                    || target == TypeKind.TIMESTAMP
                    || target == TypeKind.INTERVAL_DAY);
        }
        boolean cuts = source == TypeKind.TIMESTAMP && (target == TypeKind.DATE || target == TypeKind.TIME);
        return !cuts && !(target == TypeKind.BIGINT && !source.isNumeric());
    }
}
