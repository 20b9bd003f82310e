package io.zeptodb.engine.sql.ast;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** DROP [MATERIALIZED] VIEW [IF EXISTS] name, … [CASCADE | RESTRICT]. */
public final class DropViewNode extends StatementNode {
    private final List<SqlIdentifier> names;
    private final boolean materialized;
    private final boolean ifExists;
    private final boolean cascade;

    public DropViewNode(
            SqlParserPos position, List<SqlIdentifier> names, boolean materialized, boolean ifExists, boolean cascade) {
        super(position, materialized ? "DROP MATERIALIZED VIEW" : "DROP VIEW");
        this.names = List.copyOf(names);
        this.materialized = materialized;
        this.ifExists = ifExists;
        this.cascade = cascade;
    }

    /** At least one. */
    public List<SqlIdentifier> names() {
        return names;
    }

    public boolean materialized() {
        return materialized;
    }

    public boolean ifExists() {
        return ifExists;
    }

    /** Whether the views that read them go too. */
    public boolean cascade() {
        return cascade;
    }
}
