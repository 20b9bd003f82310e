package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.sql.ast.SampledSelect;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Finds the designated timestamp of what is in FROM: that of a table, what a subquery makes of it, of a join that of the left side. Names only, for it
 * is asked before names are resolved. For one statement.
 */
final class SampledTime {
    private static final int AS_WITHOUT_COLUMNS = 2;
    /** Queries that name each other end here. */
    private static final int MOST_DEPTH = 64;

    /** Functions that give a bucket's start. */
    private static final Set<String> BUCKETS = Set.of("xbar", "time_bucket", "date_trunc", "time_bucket_gapfill");

    /**
     * A column of FROM.
     *
     * @param table what qualifies it; null when nothing does
     */
    record Column(@Nullable String table, String name) {
        /** Whether an identifier, perhaps without the table, means it. */
        boolean isNamed(SqlIdentifier identifier) {
            List<String> names = identifier.names;
            int size = names.size();
            return names.get(size - 1).equalsIgnoreCase(name)
                    && (size == 1 || table == null || names.get(size - 2).equalsIgnoreCase(table));
        }
    }

    /**
     * The names of WITH that a query sees, the latest first.
     *
     * @param name in lower case
     * @param before what the query of this name sees, which is not itself: {@code WITH t AS (SELECT * FROM t)} reads the table
     */
    private record Names(
            String name, SqlNode query, @Nullable Names before) {}

    private final Catalog catalog;
    private final IdentityHashMap<SqlNode, @Nullable Names> visible = new IdentityHashMap<>();

    SampledTime(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Remembers the names of a WITH for the sampled queries below it; to be called before for those that it is below. */
    void declare(SqlWith with) {
        Names names = visible.get(with);
        for (SqlNode item : with.withList) {
            SqlWithItem named = (SqlWithItem) item;
            show(names, named.query);
            names = with(named, names);
        }
        show(names, with.body);
    }

    private static Names with(SqlWithItem item, @Nullable Names before) {
        return new Names(item.name.getSimple().toLowerCase(Locale.ROOT), item.query, before);
    }

    private void show(@Nullable Names names, SqlNode query) {
        query.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                if (call instanceof SqlWith || call instanceof SampledSelect) {
                    visible.put(call, names);
                }
                return super.visit(call);
            }
        });
    }

    /** The timestamp of what is in a query's FROM; null when there is none. */
    @Nullable
    Column of(SampledSelect select) {
        return of(select.getFrom(), visible.get(select), 0);
    }

    private @Nullable Column of(@Nullable SqlNode from, @Nullable Names names, int depth) {
        if (from == null || depth > MOST_DEPTH) {
            return null;
        }
        if (from instanceof SqlIdentifier name) {
            return ofName(name, names, depth);
        } else if (from instanceof SqlJoin join) {
            Column left = of(join.getLeft(), names, depth + 1);
            return left == null ? of(join.getRight(), names, depth + 1) : left;
        } else if (from.getKind() == SqlKind.AS) {
            SqlCall as = (SqlCall) from;
            Column inner = of(as.operand(0), names, depth + 1);
            boolean renamed = as.operandCount() > AS_WITHOUT_COLUMNS;
            return inner == null || renamed
                    ? null
                    : new Column(((SqlIdentifier) as.operand(1)).getSimple(), inner.name);
        } else if (from.isA(SqlKind.QUERY)) {
            String name = ofQuery(from, names, depth + 1);
            return name == null ? null : new Column(null, name);
        }
        // TABLESAMPLE, LATERAL
        return from instanceof SqlBasicCall call
                        && call.operandCount() > 0
                        && call.getKind() != SqlKind.COLLECTION_TABLE
                ? of(call.operand(0), names, depth + 1)
                : null;
    }

    private @Nullable Column ofName(SqlIdentifier name, @Nullable Names names, int depth) {
        String simple = name.names.get(name.names.size() - 1);
        Names named = name.isSimple() ? names : null;
        while (named != null && !named.name.equals(simple.toLowerCase(Locale.ROOT))) {
            named = named.before;
        }
        if (named != null) {
            String column = ofQuery(named.query, named.before, depth + 1);
            return column == null ? null : new Column(simple, column);
        }
        ViewMetadata view = catalog.findView(simple).orElse(null);
        if (view != null) {
            String column = ofView(view, depth + 1);
            return column == null ? null : new Column(simple, column);
        }
        return catalog.find(simple)
                .filter(table -> table.schema().timestampOrdinal() != TableSchema.NONE)
                .map(table -> new Column(
                        simple,
                        table.schema()
                                .columns()
                                .get(table.schema().timestampOrdinal())
                                .name()))
                .orElse(null);
    }

    private @Nullable String ofView(ViewMetadata view, int depth) {
        try {
            return new SampledTime(catalog)
                    .ofQuery(SqlText.parse(view.definition().query()), null, depth);
        } catch (SqlParseException e) {
            // whoever reads the view says so
            return null;
        }
    }

    /** The result column of a query that is the timestamp of its FROM, or its bucket. */
    private @Nullable String ofQuery(SqlNode query, @Nullable Names names, int depth) {
        if (query instanceof SqlOrderBy order) {
            return ofQuery(order.query, names, depth);
        } else if (query instanceof SqlWith with) {
            Names inner = names;
            for (SqlNode item : with.withList) {
                inner = with((SqlWithItem) item, inner);
            }
            return ofQuery(with.body, inner, depth);
        } else if (query instanceof SqlSelect select) {
            return ofSelect(select, names, depth);
        } else if (query instanceof SqlBasicCall call && SqlKind.SET_QUERY.contains(call.getKind())) {
            return ofQuery(call.operand(0), names, depth);
        }
        return null;
    }

    private @Nullable String ofSelect(SqlSelect select, @Nullable Names names, int depth) {
        SqlIdentifier named =
                select instanceof SampledSelect sampled ? sampled.clause().time() : null;
        Column time = named == null
                ? of(select.getFrom(), names, depth + 1)
                : new Column(null, named.names.get(named.names.size() - 1));
        if (time == null) {
            return null;
        }
        for (SqlNode item : select.getSelectList()) {
            boolean aliased = item.getKind() == SqlKind.AS;
            SqlNode value = aliased ? ((SqlCall) item).operand(0) : item;
            if (value instanceof SqlIdentifier column) {
                if (column.isStar() || time.isNamed(column)) {
                    return aliased ? ((SqlIdentifier) ((SqlCall) item).operand(1)).getSimple() : time.name;
                }
            } else if (aliased && isBucket(value, time)) {
                return ((SqlIdentifier) ((SqlCall) item).operand(1)).getSimple();
            }
        }
        return null;
    }

    private static boolean isBucket(SqlNode value, Column time) {
        return value instanceof SqlCall call
                && BUCKETS.contains(call.getOperator().getName().toLowerCase(Locale.ROOT))
                && call.getOperandList().stream()
                        .anyMatch(operand -> operand instanceof SqlIdentifier column && time.isNamed(column));
    }
}
