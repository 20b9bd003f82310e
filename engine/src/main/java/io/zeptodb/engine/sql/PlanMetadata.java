package io.zeptodb.engine.sql;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.MetadataHandler;
import org.apache.calcite.rel.metadata.MetadataHandlerProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;

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
        return new RelMetadataQuery(INSTANCE);
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
}
