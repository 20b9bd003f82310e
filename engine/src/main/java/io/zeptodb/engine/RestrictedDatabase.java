package io.zeptodb.engine;

import static io.zeptodb.engine.api.EngineException.required;

import io.zeptodb.engine.api.AccessPolicy;
import io.zeptodb.engine.api.ColumnView;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.DatabaseStatistics;
import io.zeptodb.engine.api.EngineConfig;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.ResourceGroup;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.ViewDefinition;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/** The database as the user of a session may use it. A pipeline is asked for its right when it is opened. Thread-safe. */
final class RestrictedDatabase implements Database {
    private static final String TABLE_NAME = "the name of a table";

    private final Engine engine;
    private final AccessPolicy policy;
    private final SessionAccess access;

    RestrictedDatabase(Engine engine, AccessPolicy policy) {
        this.engine = engine;
        this.policy = policy;
        this.access = SessionAccess.of(policy);
    }

    /** Of the same user. */
    @Override
    public Session openSession() {
        return engine.openSession(policy);
    }

    @Override
    public Session openSession(AccessPolicy other) {
        access.requireAdmin("open sessions of others");
        return engine.openSession(other);
    }

    private Catalog seen() {
        engine.checkOpen();
        return access.visible(engine.catalog());
    }

    @Override
    public List<TableSchema> tables() {
        return seen().tables().stream().map(TableMetadata::schema).toList();
    }

    @Override
    public List<ViewDefinition> views() {
        return seen().views().stream().map(ViewMetadata::definition).toList();
    }

    private String readable(String table) {
        access.requireRead(required(table, TABLE_NAME), engine.catalog());
        return table;
    }

    private String writable(String what, String table) {
        readable(table);
        access.requireWrite(what, table);
        return table;
    }

    @Override
    public TableSchema table(String name) {
        required(name, TABLE_NAME);
        readable(name);
        return seen().get(name).schema();
    }

    @Override
    public void createTable(TableSchema schema) {
        access.requireAdmin("create a table");
        engine.createTable(schema);
    }

    @Override
    public Pipeline openPipeline(String table, PipelineOptions options) {
        return engine.openPipeline(writable("append to", table), options);
    }

    @Override
    public long append(String table, VectorSchemaRoot batch, @Nullable DictionaryProvider dictionaries) {
        return engine.append(writable("append to", table), batch, dictionaries);
    }

    @Override
    public long rowCount(String table) {
        return engine.rowCount(readable(table));
    }

    @Override
    public long rowCount(String table, @Nullable Object key) {
        return engine.rowCount(readable(table), key);
    }

    @Override
    public List<ColumnView> columnViews(String table, @Nullable Object key, String column) {
        return engine.columnViews(readable(table), key, column);
    }

    @Override
    public void checkpoint() {
        access.requireAdmin("run a checkpoint");
        engine.checkpoint();
    }

    @Override
    public long backup(String folder) {
        access.requireAdmin("make a backup");
        return engine.backup(folder);
    }

    @Override
    public DatabaseStatistics statistics() {
        return engine.statistics();
    }

    @Override
    public EngineConfig config() {
        return engine.config();
    }

    @Override
    public BufferAllocator allocator() {
        ResourceGroup group = policy.group();
        return group == null ? engine.allocator() : engine.groups().allocator(group);
    }

    @Override
    public boolean isClosed() {
        return engine.isClosed();
    }

    @Override
    public void close() {
        access.requireAdmin("close the database");
        engine.close();
    }
}
