package io.zeptodb.engine.sql;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.MetadataHandler;
import org.apache.calcite.rel.metadata.MetadataHandlerProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Where Calcite's rules learn of row counts, unique columns and the like. Its default compiles Java for each kind of metadata; its
 * proxies do not, but are made anew for every query, and a planner makes many of those: here they are made once. Thread-safe.
 */
final class PlanMetadata implements MetadataHandlerProvider {
    private static final PlanMetadata INSTANCE = new PlanMetadata();

    private final MetadataHandlerProvider proxies =
            new ProxyingMetadataHandlerProvider(DefaultRelMetadataProvider.INSTANCE);
    private final Map<Class<?>, MetadataHandler<?>> handlers = new ConcurrentHashMap<>();

    private PlanMetadata() {}

    static RelMetadataQuery newQuery() {
        return new Query();
    }

    @Override
    public <H extends MetadataHandler<?>> H handler(Class<H> type) {
        MetadataHandler<?> handler = handlers.get(type);
        if (handler == null) {
            handler = proxies.handler(type);
            handlers.put(type, handler);
        }
        return type.cast(handler);
    }

    /** Asks Calcite's handlers, but for joins with a mark: they look for the mark, which is behind the left columns, among these. */
    private static final class Query extends RelMetadataQuery {
        Query() {
            super(INSTANCE);
        }

        @Override
        public @Nullable Boolean areColumnsUnique(RelNode rel, ImmutableBitSet columns, boolean ignoreNulls) {
            RelNode node = rel.stripped();
            boolean marked = (node instanceof Join join && join.getJoinType() == JoinRelType.LEFT_MARK)
                    || (node instanceof Correlate correlate && correlate.getJoinType() == JoinRelType.LEFT_MARK);
            if (!marked) {
                return super.areColumnsUnique(rel, columns, ignoreNulls);
            }
            RelNode left = node.getInput(0);
            int width = left.getRowType().getFieldCount();
            Boolean unique = areColumnsUnique(left, columns.intersect(ImmutableBitSet.range(width)), ignoreNulls);
            // each left row has one mark: with it columns may be unique that are not without
            return (columns.length() <= width || Boolean.TRUE.equals(unique)) ? unique : null;
        }
    }
}
