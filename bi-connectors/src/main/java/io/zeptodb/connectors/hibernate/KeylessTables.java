package io.zeptodb.connectors.hibernate;

import org.hibernate.boot.Metadata;
import org.hibernate.boot.model.relational.SqlStringGenerationContext;
import org.hibernate.dialect.Dialect;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Table;
import org.hibernate.tool.schema.spi.Exporter;

/** CREATE TABLE of columns: names, types and NOT NULL. */
final class KeylessTables implements Exporter<Table> {
    private final Dialect dialect;

    KeylessTables(Dialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public String[] getSqlCreateStrings(Table table, Metadata metadata, SqlStringGenerationContext context) {
        StringBuilder sql = new StringBuilder("create table ").append(name(table, context));
        String separator = " (";
        for (Column column : table.getColumns()) {
            sql.append(separator)
                    .append(column.getQuotedName(dialect))
                    .append(' ')
                    .append(column.getSqlType(metadata))
                    .append(column.isNullable() ? "" : " not null");
            separator = ", ";
        }
        return new String[] {sql.append(')').toString()};
    }

    @Override
    public String[] getSqlDropStrings(Table table, Metadata metadata, SqlStringGenerationContext context) {
        return new String[] {"drop table if exists " + name(table, context)};
    }

    private static String name(Table table, SqlStringGenerationContext context) {
        return context.format(table.getQualifiedTableName());
    }
}
