package io.zeptodb.connectors.liquibase;

import liquibase.database.Database;
import liquibase.datatype.DataTypeInfo;
import liquibase.datatype.DatabaseDataType;
import liquibase.datatype.LiquibaseDataType;
import liquibase.datatype.core.BlobType;

/** What Liquibase calls blob is VARBINARY. */
@DataTypeInfo(
        name = "blob",
        aliases = {"longblob", "longvarbinary", "java.sql.Types.BLOB", "java.sql.Types.LONGVARBINARY"},
        minParameters = 0,
        maxParameters = 1,
        priority = LiquibaseDataType.PRIORITY_DATABASE)
public final class LargeBinary extends BlobType {
    @Override
    public boolean supports(Database database) {
        return database instanceof ZeptoLiquibaseDatabase;
    }

    @Override
    public DatabaseDataType toDatabaseDataType(Database database) {
        return new DatabaseDataType("VARBINARY");
    }
}
