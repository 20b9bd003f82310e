package io.zeptodb.engine.sql;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.AggregatingSelectScope;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.SqlValidatorScope.ResolvedImpl;

/**
 * Columns of an outer query in a subquery that aggregates: constants there, which need no GROUP BY. Calcite's check knows no outer columns; it is
 * given copies of them that it can tell from others.
 */
final class OuterColumns {
    private final Set<SqlIdentifier> copies = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The expression, whose names are qualified, with copies of its outer columns. */
    SqlNode copy(SqlNode expression, AggregatingSelectScope scope, SqlNameMatcher matcher) {
        SqlNode copied = expression.accept(new SqlShuttle() {
            @Override
            public SqlNode visit(SqlIdentifier name) {
                if (!isOuter(name, scope.getParent(), matcher)) {
                    return name;
                }
                SqlIdentifier copy = (SqlIdentifier) name.clone(name.getParserPosition());
                copies.add(copy);
                return copy;
            }
        });
        return copied == null ? expression : copied;
    }

    boolean isCopy(SqlIdentifier name) {
        return copies.contains(name);
    }

    /** To be called when the checks are over. */
    void forget() {
        copies.clear();
    }

    private static boolean isOuter(SqlIdentifier name, SqlValidatorScope own, SqlNameMatcher matcher) {
        if (name.names.size() < 2 || name.isStar()) {
            return false;
        }
        ResolvedImpl resolved = new ResolvedImpl();
        own.resolve(List.of(name.names.get(0)), matcher, false, resolved);
        return resolved.count() == 1 && resolved.only().scope != own;
    }
}
