package io.zeptodb.connectors.liquibase;

import liquibase.database.Database;
import liquibase.datatype.DataTypeInfo;
import liquibase.datatype.DatabaseDataType;
import liquibase.datatype.LiquibaseDataType;
import liquibase.datatype.core.ClobType;

/** What Liquibase calls clob is VARCHAR. */
@DataTypeInfo(
        name = "clob",
        aliases = {"longvarchar", "text", "longtext", "java.sql.Types.LONGVARCHAR", "java.sql.Types.CLOB", "nclob"},
        minParameters = 0,
        maxParameters = 1,
        priority = LiquibaseDataType.PRIORITY_DATABASE)
public final class LargeText extends ClobType {
    @Override
    public boolean supports(Database database) {
        return database instanceof ZeptoLiquibaseDatabase;
    }

    @Override
    public DatabaseDataType toDatabaseDataType(Database database) {
        return new DatabaseDataType("VARCHAR");
    }
}
