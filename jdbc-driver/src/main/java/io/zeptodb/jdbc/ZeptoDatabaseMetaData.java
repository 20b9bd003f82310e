package io.zeptodb.jdbc;

import io.zeptodb.jdbc.meta.CatalogQuestions;
import io.zeptodb.jdbc.meta.CatalogRows;
import io.zeptodb.jdbc.meta.FunctionColumnRows;
import io.zeptodb.jdbc.meta.FunctionRows;
import io.zeptodb.jdbc.meta.MetadataShape;
import io.zeptodb.jdbc.meta.PrivilegeRows;
import io.zeptodb.jdbc.meta.TableRows;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.Meta.Pat;
import org.jspecify.annotations.Nullable;

/**
 * The catalog as JDBC asks for it. Catalogs, schemas, tables, columns and types come through Avatica's {@code Meta}, from the engine in
 * this process or from a server; what the engine does not have is answered here, with the columns that JDBC prescribes and no row.
 */
final class ZeptoDatabaseMetaData extends ProductMetaData {
    private static final String STATEMENT_LENGTH =
            "SELECT setting_value FROM zepto_settings() WHERE setting_name = 'max_statement_length'";

    private final ZeptoConnection connection;
    private final CatalogQuestions<SQLException> questions;
    private final CatalogRows<SQLException> catalog;
    private final TableRows<SQLException> tables;
    private final PrivilegeRows<SQLException> privileges;

    ZeptoDatabaseMetaData(ZeptoConnection connection) {
        super(connection);
        this.connection = connection;
        this.questions = new CatalogAnswers(connection);
        this.catalog = new CatalogRows<>(questions);
        this.tables = new TableRows<>(questions);
        this.privileges = new PrivilegeRows<>(questions);
    }

    private ResultSet ask(Supplier<Meta.MetaResultSet> question) throws SQLException {
        connection.checkOpen();
        try {
            Meta.MetaResultSet result = question.get();
            return connection.metadata(result.signature, rowsOf(result.firstFrame));
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        }
    }

    private static List<Object> rowsOf(Meta.Frame frame) {
        List<Object> rows = new ArrayList<>();
        frame.rows.forEach(rows::add);
        return rows;
    }

    private ResultSet rows(MetadataShape shape, List<Object> rows) throws SQLException {
        return CatalogAnswers.result(connection, shape, rows);
    }

    private ResultSet none(MetadataShape shape) throws SQLException {
        return rows(shape, List.of());
    }

    // ---- what Avatica asks for without a care for what goes wrong

    /** A question of Avatica's. */
    private interface Question {
        String ask() throws SQLException;
    }

    private String told(Question question) throws SQLException {
        connection.checkOpen();
        try {
            return question.ask();
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        }
    }

    @Override
    public String getSQLKeywords() throws SQLException {
        return told(super::getSQLKeywords);
    }

    @Override
    public String getNumericFunctions() throws SQLException {
        return told(super::getNumericFunctions);
    }

    @Override
    public String getStringFunctions() throws SQLException {
        return told(super::getStringFunctions);
    }

    @Override
    public String getSystemFunctions() throws SQLException {
        return told(super::getSystemFunctions);
    }

    @Override
    public String getTimeDateFunctions() throws SQLException {
        return told(super::getTimeDateFunctions);
    }

    // ---- what there is

    @Override
    public boolean isReadOnly() throws SQLException {
        return connection.isOfReadOnlyDatabase();
    }

    /** The name that the connection was opened with; empty without one, as always in the process. */
    @Override
    public String getUserName() throws SQLException {
        connection.checkOpen();
        return connection.userName();
    }

    /** Characters, as the option {@code max_statement_length} of the session says now. */
    @Override
    public int getMaxStatementLength() throws SQLException {
        List<@Nullable Object[]> rows = questions.ask(STATEMENT_LENGTH);
        return Integer.parseInt(String.valueOf(rows.get(0)[0]).trim());
    }

    @Override
    public ResultSet getCatalogs() throws SQLException {
        return ask(() -> connection.meta().getCatalogs(connection.handle));
    }

    @Override
    public ResultSet getSchemas() throws SQLException {
        return getSchemas(null, null);
    }

    @Override
    public ResultSet getSchemas(@Nullable String catalog, @Nullable String schemaPattern) throws SQLException {
        return ask(() -> connection.meta().getSchemas(connection.handle, catalog, Pat.of(schemaPattern)));
    }

    @Override
    public ResultSet getTableTypes() throws SQLException {
        return ask(() -> connection.meta().getTableTypes(connection.handle));
    }

    @Override
    public ResultSet getTables(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String tableNamePattern,
            String @Nullable [] types)
            throws SQLException {
        List<String> wanted = types == null ? null : Arrays.asList(types);
        return rows(MetadataShape.TABLES, this.catalog.tables(catalog, schemaPattern, tableNamePattern, wanted));
    }

    @Override
    public ResultSet getColumns(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String tableNamePattern,
            @Nullable String columnNamePattern)
            throws SQLException {
        return rows(
                MetadataShape.COLUMNS,
                this.catalog.columns(catalog, schemaPattern, tableNamePattern, columnNamePattern));
    }

    /** What the session may do with the columns of one table: SELECT, INSERT and UPDATE, each of the whole table. */
    @Override
    public ResultSet getColumnPrivileges(
            @Nullable String catalog, @Nullable String schema, String table, @Nullable String columnNamePattern)
            throws SQLException {
        return rows(MetadataShape.COLUMN_PRIVILEGES, privileges.ofColumns(catalog, schema, table, columnNamePattern));
    }

    /** What the session may do with the tables and views that {@link #getTables} shows it. */
    @Override
    public ResultSet getTablePrivileges(
            @Nullable String catalog, @Nullable String schemaPattern, @Nullable String tableNamePattern)
            throws SQLException {
        return rows(MetadataShape.TABLE_PRIVILEGES, privileges.ofTables(catalog, schemaPattern, tableNamePattern));
    }

    @Override
    public ResultSet getTypeInfo() throws SQLException {
        return ask(() -> connection.meta().getTypeInfo(connection.handle));
    }

    @Override
    public ResultSet getClientInfoProperties() throws SQLException {
        return rows(MetadataShape.CLIENT_INFO_PROPERTIES, ClientInfo.rows());
    }

    /**
     * The engine's functions, a row for each list of types that one takes; REMARKS has the signature and what it does, SPECIFIC_NAME the function that a
     * name is an alias of with those types.
     */
    @Override
    public ResultSet getFunctions(
            @Nullable String catalog, @Nullable String schemaPattern, @Nullable String functionNamePattern)
            throws SQLException {
        connection.checkOpen();
        return rows(MetadataShape.FUNCTIONS, FunctionRows.of(questions, catalog, schemaPattern, functionNamePattern));
    }

    /**
     * The result, at position 0, and the parameters of each row of {@link #getFunctions}. A parameter whose TYPE_NAME is ANY takes every type that is
     * not nested; a result ANY is of that type. Of parameters that may be repeated the first ones are there.
     */
    @Override
    public ResultSet getFunctionColumns(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String functionNamePattern,
            @Nullable String columnNamePattern)
            throws SQLException {
        connection.checkOpen();
        return rows(
                MetadataShape.FUNCTION_COLUMNS,
                FunctionColumnRows.of(questions, catalog, schemaPattern, functionNamePattern, columnNamePattern));
    }

    // ---- what there is not

    @Override
    public ResultSet getProcedures(
            @Nullable String catalog, @Nullable String schemaPattern, @Nullable String procedureNamePattern)
            throws SQLException {
        return none(MetadataShape.PROCEDURES);
    }

    @Override
    public ResultSet getProcedureColumns(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String procedureNamePattern,
            @Nullable String columnNamePattern)
            throws SQLException {
        return none(MetadataShape.PROCEDURE_COLUMNS);
    }

    @Override
    public ResultSet getBestRowIdentifier(
            @Nullable String catalog, @Nullable String schema, String table, int scope, boolean nullable)
            throws SQLException {
        return rows(MetadataShape.BEST_ROW_IDENTIFIER, tables.bestRowIdentifier(catalog, schema, table, nullable));
    }

    @Override
    public ResultSet getVersionColumns(@Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        return none(MetadataShape.VERSION_COLUMNS);
    }

    @Override
    public ResultSet getPrimaryKeys(@Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        return none(MetadataShape.PRIMARY_KEYS);
    }

    @Override
    public ResultSet getImportedKeys(@Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        return none(MetadataShape.IMPORTED_KEYS);
    }

    @Override
    public ResultSet getExportedKeys(@Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        return none(MetadataShape.EXPORTED_KEYS);
    }

    @Override
    public ResultSet getCrossReference(
            @Nullable String parentCatalog,
            @Nullable String parentSchema,
            String parentTable,
            @Nullable String foreignCatalog,
            @Nullable String foreignSchema,
            String foreignTable)
            throws SQLException {
        return none(MetadataShape.CROSS_REFERENCE);
    }

    @Override
    public ResultSet getIndexInfo(
            @Nullable String catalog, @Nullable String schema, String table, boolean unique, boolean approximate)
            throws SQLException {
        return rows(MetadataShape.INDEX_INFO, tables.indexes(catalog, schema, table, unique));
    }

    @Override
    public ResultSet getUDTs(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String typeNamePattern,
            int @Nullable [] types)
            throws SQLException {
        return none(MetadataShape.UDTS);
    }

    @Override
    public ResultSet getSuperTypes(
            @Nullable String catalog, @Nullable String schemaPattern, @Nullable String typeNamePattern)
            throws SQLException {
        return none(MetadataShape.SUPER_TYPES);
    }

    @Override
    public ResultSet getSuperTables(
            @Nullable String catalog, @Nullable String schemaPattern, @Nullable String tableNamePattern)
            throws SQLException {
        return none(MetadataShape.SUPER_TABLES);
    }

    @Override
    public ResultSet getAttributes(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String typeNamePattern,
            @Nullable String attributeNamePattern)
            throws SQLException {
        return none(MetadataShape.ATTRIBUTES);
    }

    @Override
    public ResultSet getPseudoColumns(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String tableNamePattern,
            @Nullable String columnNamePattern)
            throws SQLException {
        return none(MetadataShape.PSEUDO_COLUMNS);
    }
}
