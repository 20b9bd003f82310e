package io.zeptodb.connectors.liquibase;

import java.util.Locale;
import java.util.Objects;
import java.util.StringJoiner;
import liquibase.database.Database;
import liquibase.datatype.LiquibaseDataType;
import liquibase.exception.ValidationErrors;
import liquibase.sql.Sql;
import liquibase.sql.UnparsedSql;
import liquibase.sqlgenerator.SqlGeneratorChain;
import liquibase.sqlgenerator.core.AbstractSqlGenerator;
import liquibase.statement.core.CreateTableStatement;
import liquibase.structure.core.Table;

/** CREATE TABLE of columns and NOT NULL. What else is asked for is left out of Liquibase's own tables, and an error in those of a change. */
public final class ColumnsOnlyTables extends AbstractSqlGenerator<CreateTableStatement> {
    private static final String LIQUIBASES_OWN = "DATABASECHANGELOG";

    @Override
    public int getPriority() {
        return PRIORITY_DATABASE;
    }

    @Override
    public boolean supports(CreateTableStatement statement, Database database) {
        return database instanceof ZeptoLiquibaseDatabase;
    }

    @Override
    public ValidationErrors validate(
            CreateTableStatement statement, Database database, SqlGeneratorChain<CreateTableStatement> chain) {
        ValidationErrors errors = chain.validate(statement, database);
        if (isOfLiquibase(statement)) {
            return errors;
        }
        String what = statement.getPrimaryKeyConstraint() != null
                ? "a primary key"
                : !statement.getForeignKeyConstraints().isEmpty()
                        ? "a foreign key"
                        : !statement.getUniqueConstraints().isEmpty()
                                ? "a unique key"
                                : !statement.getDefaultValues().isEmpty() ? "a default value" : null;
        if (what != null) {
            errors.addError(
                    "table '" + statement.getTableName() + "' cannot have " + what
                            + ": ZeptoDB has columns and NOT NULL; for keys that upsert write DEDUP UPSERT KEYS in a change of SQL");
        }
        return errors;
    }

    private static boolean isOfLiquibase(CreateTableStatement statement) {
        return statement.getTableName().toUpperCase(Locale.ROOT).startsWith(LIQUIBASES_OWN);
    }

    @Override
    public Sql[] generateSql(
            CreateTableStatement statement, Database database, SqlGeneratorChain<CreateTableStatement> chain) {
        StringJoiner columns = new StringJoiner(", ", " (", ")");
        for (String name : statement.getColumns()) {
            LiquibaseDataType type =
                    Objects.requireNonNull(statement.getColumnTypes().get(name), "Liquibase gave a column no type");
            columns.add(database.escapeColumnName(
                            statement.getCatalogName(), statement.getSchemaName(), statement.getTableName(), name)
                    + " " + type.toDatabaseDataType(database).toSql()
                    + (statement.getNotNullColumns().containsKey(name) ? " NOT NULL" : ""));
        }
        String table = database.escapeTableName(
                statement.getCatalogName(), statement.getSchemaName(), statement.getTableName());
        String sql = "CREATE TABLE " + (statement.isIfNotExists() ? "IF NOT EXISTS " : "") + table + columns;
        return new Sql[] {
            new UnparsedSql(
                    sql, new Table(statement.getCatalogName(), statement.getSchemaName(), statement.getTableName()))
        };
    }
}
