package io.zeptodb.engine.sql.relation;

import java.util.List;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Adds rows for the time buckets that an aggregation has none of, for each key. Columns: the input's, then a BOOLEAN that says whether the row
 * was added. Immutable.
 */
public final class GapFill extends SingleRel {
    /** What a column holds in a row that is added. */
    public enum Fill {
        /** It is a key, or the bucket. */
        GROUP,
        NOTHING,
        /** The last value before that is not NULL. */
        PREVIOUS,
        /** DOUBLE columns: on the line through the nearest values before and behind that are not NULL. */
        LINEAR
    }

    /** A condition that the times hold; the time stands left. */
    public record Bound(SqlKind operator, RexNode value) {}

    /**
     * The buckets, as time_bucket takes them, and the range to fill.
     *
     * @param bounds none for a side where the rows say how far it goes
     */
    public record Buckets(
            RexNode width,
            @Nullable RexNode origin,
            @Nullable RexNode zone,
            List<Bound> bounds) {
        public Buckets {
            bounds = List.copyOf(bounds);
        }
    }

    private final int bucket;
    private final List<Fill> fills;
    private final Buckets buckets;

    private GapFill(RelNode input, int bucket, List<Fill> fills, Buckets buckets, RelDataType rowType) {
        super(input.getCluster(), input.getTraitSet(), input);
        this.bucket = bucket;
        this.fills = List.copyOf(fills);
        this.buckets = buckets;
        this.rowType = rowType;
    }

    /**
     * @param bucket column of the bucket's start
     * @param fills for each column of the input
     * @param rowType the input's columns, then the BOOLEAN
     */
    public static GapFill create(RelNode input, int bucket, List<Fill> fills, Buckets buckets, RelDataType rowType) {
        return new GapFill(input, bucket, fills, buckets, rowType);
    }

    public int bucket() {
        return bucket;
    }

    public List<Fill> fills() {
        return fills;
    }

    public Buckets buckets() {
        return buckets;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return new GapFill(inputs.get(0), bucket, fills, buckets, getRowType());
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        return super.explainTerms(writer)
                .item("bucket", bucket)
                .item("fills", fills)
                .item("buckets", buckets);
    }
}
