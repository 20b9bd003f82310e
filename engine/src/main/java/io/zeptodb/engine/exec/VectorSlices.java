package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;

/** Parts of vectors, without a copy. */
final class VectorSlices {
    /** Slices begin at multiples of this, so that bitmaps begin at a byte. */
    static final int ALIGNMENT = 8;

    private VectorSlices() {}

    /** Points {@code target} at the rows of {@code source} from {@code from} on, a multiple of {@link #ALIGNMENT}. */
    static void slice(ColumnVector source, int from, ColumnVector target) {
        if (from % ALIGNMENT != 0) {
            throw new IllegalArgumentException("a slice must begin at a multiple of " + ALIGNMENT + ", not at " + from);
        }
        target.pointLike(source);
        if (source.isConstant()) {
            return;
        }
        TypeKind kind = source.type().kind();
        long offset = kind == TypeKind.BOOLEAN ? from / ALIGNMENT : (long) from * kind.width();
        long validity = source.hasNulls() ? source.validity() + from / ALIGNMENT : 0;
        target.point(source.dataBuffer(), source.data() + offset, source.validityBuffer(), validity);
    }
}
