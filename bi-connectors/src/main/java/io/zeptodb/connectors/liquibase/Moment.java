package io.zeptodb.connectors.liquibase;

import liquibase.database.Database;
import liquibase.datatype.DataTypeInfo;
import liquibase.datatype.DatabaseDataType;
import liquibase.datatype.LiquibaseDataType;
import liquibase.datatype.core.DateTimeType;

/** What Liquibase calls datetime is TIMESTAMP. */
@DataTypeInfo(
        name = "datetime",
        aliases = {"java.sql.Types.DATETIME", "java.util.Date"},
        minParameters = 0,
        maxParameters = 1,
        priority = LiquibaseDataType.PRIORITY_DATABASE)
public final class Moment extends DateTimeType {
    @Override
    public boolean supports(Database database) {
        return database instanceof ZeptoLiquibaseDatabase;
    }

    @Override
    public DatabaseDataType toDatabaseDataType(Database database) {
        return new DatabaseDataType("TIMESTAMP", getParameters());
    }
}
