package io.zeptodb.jdbc.meta;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/** The answers to what no message of Avatica's protocol asks: our driver asks in SQL for what of it there is. */
abstract class EmptyMetadata implements Meta {
    /** Ids of statements, of this connection. */
    final AtomicInteger nextStatementId = new AtomicInteger();

    private final WireFormat format;

    EmptyMetadata(WireFormat format) {
        this.format = format;
    }

    /** A result whose rows are all in its first frame. */
    final MetaResultSet result(ConnectionHandle connection, MetadataShape shape, List<Object> rows) {
        Signature signature = Signatures.ofRows(shape.columns(), "", List.of(), format);
        return MetaResultSet.create(
                connection.id, nextStatementId.getAndIncrement(), true, signature, new Frame(0, true, rows));
    }

    private MetaResultSet empty(ConnectionHandle connection, MetadataShape shape) {
        return result(connection, shape, List.of());
    }

    @Override
    public MetaResultSet getProcedures(
            ConnectionHandle ch, @Nullable String catalog, Pat schemaPattern, Pat procedureNamePattern) {
        return empty(ch, MetadataShape.PROCEDURES);
    }

    @Override
    public MetaResultSet getProcedureColumns(
            ConnectionHandle ch,
            @Nullable String catalog,
            Pat schemaPattern,
            Pat procedureNamePattern,
            Pat columnNamePattern) {
        return empty(ch, MetadataShape.PROCEDURE_COLUMNS);
    }

    @Override
    public MetaResultSet getColumnPrivileges(
            ConnectionHandle ch,
            @Nullable String catalog,
            @Nullable String schema,
            String table,
            Pat columnNamePattern) {
        return empty(ch, MetadataShape.COLUMN_PRIVILEGES);
    }

    @Override
    public MetaResultSet getTablePrivileges(
            ConnectionHandle ch, @Nullable String catalog, Pat schemaPattern, Pat tableNamePattern) {
        return empty(ch, MetadataShape.TABLE_PRIVILEGES);
    }

    @Override
    public MetaResultSet getBestRowIdentifier(
            ConnectionHandle ch,
            @Nullable String catalog,
            @Nullable String schema,
            String table,
            int scope,
            boolean nullable) {
        return empty(ch, MetadataShape.BEST_ROW_IDENTIFIER);
    }

    @Override
    public MetaResultSet getVersionColumns(
            ConnectionHandle ch, @Nullable String catalog, @Nullable String schema, String table) {
        return empty(ch, MetadataShape.VERSION_COLUMNS);
    }

    @Override
    public MetaResultSet getPrimaryKeys(
            ConnectionHandle ch, @Nullable String catalog, @Nullable String schema, String table) {
        return empty(ch, MetadataShape.PRIMARY_KEYS);
    }

    @Override
    public MetaResultSet getImportedKeys(
            ConnectionHandle ch, @Nullable String catalog, @Nullable String schema, String table) {
        return empty(ch, MetadataShape.IMPORTED_KEYS);
    }

    @Override
    public MetaResultSet getExportedKeys(
            ConnectionHandle ch, @Nullable String catalog, @Nullable String schema, String table) {
        return empty(ch, MetadataShape.EXPORTED_KEYS);
    }

    @Override
    public MetaResultSet getCrossReference(
            ConnectionHandle ch,
            @Nullable String parentCatalog,
            @Nullable String parentSchema,
            String parentTable,
            @Nullable String foreignCatalog,
            @Nullable String foreignSchema,
            String foreignTable) {
        return empty(ch, MetadataShape.CROSS_REFERENCE);
    }

    @Override
    public MetaResultSet getIndexInfo(
            ConnectionHandle ch,
            @Nullable String catalog,
            @Nullable String schema,
            String table,
            boolean unique,
            boolean approximate) {
        return empty(ch, MetadataShape.INDEX_INFO);
    }

    @Override
    public MetaResultSet getUDTs(
            ConnectionHandle ch,
            @Nullable String catalog,
            Pat schemaPattern,
            Pat typeNamePattern,
            int @Nullable [] types) {
        return empty(ch, MetadataShape.UDTS);
    }

    @Override
    public MetaResultSet getSuperTypes(
            ConnectionHandle ch, @Nullable String catalog, Pat schemaPattern, Pat typeNamePattern) {
        return empty(ch, MetadataShape.SUPER_TYPES);
    }

    @Override
    public MetaResultSet getSuperTables(
            ConnectionHandle ch, @Nullable String catalog, Pat schemaPattern, Pat tableNamePattern) {
        return empty(ch, MetadataShape.SUPER_TABLES);
    }

    @Override
    public MetaResultSet getAttributes(
            ConnectionHandle ch,
            @Nullable String catalog,
            Pat schemaPattern,
            Pat typeNamePattern,
            Pat attributeNamePattern) {
        return empty(ch, MetadataShape.ATTRIBUTES);
    }

    @Override
    public MetaResultSet getClientInfoProperties(ConnectionHandle ch) {
        return empty(ch, MetadataShape.CLIENT_INFO_PROPERTIES);
    }

    @Override
    public MetaResultSet getFunctions(
            ConnectionHandle ch, @Nullable String catalog, Pat schemaPattern, Pat functionNamePattern) {
        return empty(ch, MetadataShape.FUNCTIONS);
    }

    @Override
    public MetaResultSet getFunctionColumns(
            ConnectionHandle ch,
            @Nullable String catalog,
            Pat schemaPattern,
            Pat functionNamePattern,
            Pat columnNamePattern) {
        return empty(ch, MetadataShape.FUNCTION_COLUMNS);
    }

    @Override
    public MetaResultSet getPseudoColumns(
            ConnectionHandle ch,
            @Nullable String catalog,
            Pat schemaPattern,
            Pat tableNamePattern,
            Pat columnNamePattern) {
        return empty(ch, MetadataShape.PSEUDO_COLUMNS);
    }
}
