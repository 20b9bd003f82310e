package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import org.jspecify.annotations.Nullable;

/** Conversions of arrays to arrays and of rows to rows of as many fields, part by part; names of fields do not matter. */
public final class NestedCasts {
    private NestedCasts() {}

    /** Finds the conversion of one part. */
    @FunctionalInterface
    public interface Parts {
        @Nullable
        ScalarFunction find(ColumnType from, ColumnType to);
    }

    /** The conversion, or null when there is none. */
    public static @Nullable ScalarKernel find(ColumnType from, ColumnType to, Parts parts) {
        int count = from.fields().size();
        if (from.kind() != to.kind() || count != to.fields().size()) {
            return null;
        }
        ScalarKernel[] kernels = new ScalarKernel[count];
        for (int i = 0; i < count; i++) {
            ColumnType source = from.fields().get(i).type();
            ColumnType target = to.fields().get(i).type();
            if (!source.equals(target)) {
                ScalarFunction cast = parts.find(source, target);
                if (cast == null) {
                    return null;
                }
                kernels[i] = cast.kernel();
            }
        }
        return NestedKernels.cast(from, to, kernels);
    }
}
