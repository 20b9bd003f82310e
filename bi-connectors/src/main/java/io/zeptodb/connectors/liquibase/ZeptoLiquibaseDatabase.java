package io.zeptodb.connectors.liquibase;

import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.DatabaseConnection;
import liquibase.exception.DatabaseException;
import org.jspecify.annotations.Nullable;

/** ZeptoDB for Liquibase: columns and NOT NULL, and no sequences, generated values, constraints or tablespaces. */
public final class ZeptoLiquibaseDatabase extends AbstractJdbcDatabase {
    private static final String PRODUCT = "ZeptoDB";
    private static final String SCHEMA = "main";
    private static final int PORT = 8765;

    public ZeptoLiquibaseDatabase() {
        setCurrentDateTimeFunction("CURRENT_TIMESTAMP");
    }

    @Override
    protected String getDefaultDatabaseProductName() {
        return PRODUCT;
    }

    @Override
    public boolean isCorrectDatabaseImplementation(DatabaseConnection connection) throws DatabaseException {
        return PRODUCT.equals(connection.getDatabaseProductName());
    }

    @Override
    public @Nullable String getDefaultDriver(String url) {
        return url.startsWith("jdbc:zepto:") ? "io.zeptodb.jdbc.ZeptoDriver" : null;
    }

    @Override
    public String getShortName() {
        return "zeptodb";
    }

    @Override
    public Integer getDefaultPort() {
        return PORT;
    }

    /** Liquibase would ask for it by {@code CALL}. */
    @Override
    protected String getConnectionSchemaName() {
        return SCHEMA;
    }

    @Override
    public int getPriority() {
        return PRIORITY_DEFAULT;
    }

    /** Tables are made and dropped in the transaction, but no table is altered in one. */
    @Override
    public boolean supportsDDLInTransaction() {
        return false;
    }

    @Override
    public boolean supportsInitiallyDeferrableColumns() {
        return false;
    }

    @Override
    public boolean supportsSequences() {
        return false;
    }

    @Override
    public boolean supportsAutoIncrement() {
        return false;
    }

    @Override
    public boolean supportsTablespaces() {
        return false;
    }
}
