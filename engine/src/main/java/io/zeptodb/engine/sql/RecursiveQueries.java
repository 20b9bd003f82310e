package io.zeptodb.engine.sql;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** WITH RECURSIVE: a query that does not name itself is an ordinary one, others are refused. */
final class RecursiveQueries {
    private RecursiveQueries() {}

    static void check(SqlWithItem item) {
        if (!item.recursive.booleanValue()) {
            return;
        }
        String name = item.name.getSimple();
        item.query.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier identifier) {
                if (identifier.isSimple() && identifier.getSimple().equalsIgnoreCase(name)) {
                    throw SyntaxRewrite.unsupported(
                            "a query of WITH that reads itself ('" + name + "')", identifier.getParserPosition());
                }
                return null;
            }
        });
    }
}
