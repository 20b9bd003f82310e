package io.zeptodb.connectors.hibernate;

import org.hibernate.boot.Metadata;
import org.hibernate.boot.model.relational.Exportable;
import org.hibernate.boot.model.relational.SqlStringGenerationContext;
import org.hibernate.tool.schema.spi.Exporter;

/** What the database does not have is neither made nor dropped. Stateless. */
final class Nothing<T extends Exportable> implements Exporter<T> {
    @Override
    public String[] getSqlCreateStrings(T exportable, Metadata metadata, SqlStringGenerationContext context) {
        return NO_COMMANDS;
    }

    @Override
    public String[] getSqlDropStrings(T exportable, Metadata metadata, SqlStringGenerationContext context) {
        return NO_COMMANDS;
    }
}
