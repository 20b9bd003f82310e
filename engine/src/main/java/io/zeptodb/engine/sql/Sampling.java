package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.sql.SampledTime.Column;
import io.zeptodb.engine.sql.ast.SampleClause;
import io.zeptodb.engine.sql.ast.SampledSelect;
import io.zeptodb.engine.sql.operator.ZeptoOperatorTable;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/**
 * SAMPLE BY becomes GROUP BY: of the bucket that the time is in and of the columns that are no aggregates. With FILL the bucket is
 * time_bucket_gapfill and the aggregates are in locf, interpolate or fill_value. Works in place and keeps positions. For one statement.
 */
final class Sampling {
    /** Stands for the order of a sampled query that has none of its own. */
    private static final String OWN_ORDER = "$sample";

    /** A Monday. */
    private static final String FIRST_WEEK = "1970-01-05 00:00:00";

    private final ZeptoOperatorTable operators;
    private final SampledTime times;
    private final IdentityHashMap<SampledSelect, Sampled> done = new IdentityHashMap<>();

    Sampling(ZeptoOperatorTable operators, Catalog catalog) {
        this.operators = operators;
        this.times = new SampledTime(catalog);
    }

    /** What became of a SELECT: its time, and the order by bucket and keys. */
    private record Sampled(Column time, SampleClause clause, boolean filled, List<SqlNode> order) {}

    /** The outermost query; one with SAMPLE BY and without an order gets that of time. */
    static SqlNode ordered(SqlNode query) {
        SqlOrderBy order = query instanceof SqlOrderBy given ? given : null;
        SqlNode inner = order == null ? query : order.query;
        boolean plain = sampled(inner) != null && (order == null || order.orderList.isEmpty());
        if (!plain) {
            return query;
        }
        SqlParserPos position = query.getParserPosition();
        SqlNodeList own = SqlNodeList.of(new SqlIdentifier(OWN_ORDER, position));
        return new SqlOrderBy(
                position, inner, own, order == null ? null : order.offset, order == null ? null : order.fetch);
    }

    private static @Nullable SampledSelect sampled(SqlNode query) {
        SqlNode body = query instanceof SqlWith with ? with.body : query;
        return body instanceof SampledSelect select ? select : null;
    }

    /** To be called for each call before its operands are rewritten. */
    void resolve(SqlCall call) {
        if (call instanceof SqlWith with) {
            times.declare(with);
        } else if (call instanceof SqlOrderBy order) {
            SampledSelect select = sampled(order.query);
            if (select != null) {
                if (order.query instanceof SqlWith with) {
                    times.declare(with);
                }
                order(order.orderList, select, resolve(select));
            }
        } else if (call instanceof SampledSelect select) {
            resolve(select);
        } else if (call instanceof SqlSelect select) {
            GapFillCounts.wrap(select, operators);
        }
    }

    private void order(SqlNodeList keys, SampledSelect select, Sampled sampled) {
        for (int i = 0; i < keys.size(); i++) {
            SqlNode key = keys.get(i);
            if (key instanceof SqlIdentifier name
                    && name.isSimple()
                    && name.getSimple().equals(OWN_ORDER)) {
                keys.clear();
                keys.addAll(sampled.order);
                return;
            }
            boolean alias = select.getSelectList().stream()
                    .anyMatch(item -> sampled.time.name().equalsIgnoreCase(SqlValidatorUtil.alias(item)));
            if (!alias) {
                keys.set(i, new SampleItems(operators, sampled.time).replaceTime(key, () -> bucket(sampled)));
            }
        }
    }

    private Sampled resolve(SampledSelect select) {
        Sampled before = done.get(select);
        if (before != null) {
            return before;
        }
        SampleClause clause = select.clause();
        Column time = time(select);
        boolean filled = clause.fills().stream().anyMatch(fill -> !isWord(fill, "NONE"));
        SampleItems items = new SampleItems(operators, time);
        Sampled sampled = new Sampled(time, clause, filled, new ArrayList<>());
        SqlNodeList group = new SqlNodeList(clause.position());
        SqlNode bucketKey = resolveItems(select, items, sampled, group);
        sampled.order.addAll(group);
        boolean distinct = select.isKeywordPresent(SqlSelectKeyword.DISTINCT);
        if (bucketKey != null || !distinct) {
            sampled.order.add(0, bucketKey == null ? bucket(sampled) : bucketKey);
        }
        group.add(bucketKey == null ? bucket(sampled) : bucketKey);
        select.setGroupBy(group);
        SqlNode having = select.getHaving();
        if (having != null) {
            select.setHaving(items.replaceTime(having, () -> bucket(sampled)));
        }
        select.setWhere(where(select, sampled));
        done.put(select, sampled);
        return sampled;
    }

    /**
     * Puts the bucket and the fills into what is selected.
     *
     * @param keys gets the numbers of the columns that rows are grouped by
     * @return the number of the column that is the bucket; null when none is
     */
    private @Nullable SqlNode resolveItems(SampledSelect select, SampleItems items, Sampled sampled, SqlNodeList keys) {
        List<SqlNode> fills = fills(select, items, sampled.filled);
        SqlNode bucketKey = null;
        int aggregates = 0;
        for (int i = 0; i < select.getSelectList().size(); i++) {
            SqlNode item = select.getSelectList().get(i);
            SqlNode value = SqlUtil.stripAs(item);
            SqlNode ordinal = SqlLiteral.createExactNumeric(Integer.toString(i + 1), value.getParserPosition());
            SampleItems.Kind kind = items.kindOf(value);
            SqlNode result = value;
            switch (kind) {
                case TIME -> {
                    result = bucket(sampled);
                    bucketKey = bucketKey == null ? ordinal : bucketKey;
                }
                case KEY -> keys.add(ordinal);
                case AGGREGATE -> {
                    SqlNode fill = fills.isEmpty() ? null : fills.get(fills.size() == 1 ? 0 : aggregates);
                    aggregates++;
                    result = items.replaceTime(items.filled(value, fill), () -> bucket(sampled));
                }
                default -> result = items.replaceTime(value, () -> bucket(sampled));
            }
            select.getSelectList().set(i, named(item, value, result));
        }
        return bucketKey;
    }

    private static SqlNode named(SqlNode item, SqlNode value, SqlNode result) {
        if (item != value) {
            ((SqlCall) item).setOperand(0, result);
            return item;
        }
        if (result == value || !(value instanceof SqlIdentifier column)) {
            return result;
        }
        int last = column.names.size() - 1;
        SqlIdentifier name = new SqlIdentifier(column.names.get(last), column.getComponentParserPosition(last));
        return SqlStdOperatorTable.AS.createCall(value.getParserPosition(), result, name);
    }

    private Column time(SampledSelect select) {
        SqlIdentifier named = select.clause().time();
        if (named != null) {
            int size = named.names.size();
            return new Column(size > 1 ? named.names.get(size - 2) : null, named.names.get(size - 1));
        }
        Column found = times.of(select);
        if (found == null) {
            throw error(
                    "SAMPLE BY goes by the designated timestamp of what is in FROM, which has none here; say which column it is:"
                            + " SAMPLE BY width ON column",
                    select.clause().position());
        }
        return found;
    }

    /** The fill of each aggregate, one for all, or none. */
    private static List<SqlNode> fills(SampledSelect select, SampleItems items, boolean filled) {
        List<SqlNode> fills = select.clause().fills();
        int aggregates = 0;
        for (SqlNode item : select.getSelectList()) {
            aggregates += items.kindOf(SqlUtil.stripAs(item)) == SampleItems.Kind.AGGREGATE ? 1 : 0;
        }
        if (aggregates == 0) {
            throw error(
                    "SAMPLE BY needs an aggregate among the columns, such as avg(price)",
                    select.getSelectList().getParserPosition());
        }
        for (SqlNode fill : fills) {
            if (fills.size() > 1 && isWord(fill, "NONE")) {
                throw error("FILL (NONE) stands alone: it makes no rows for any column", fill.getParserPosition());
            }
        }
        if (fills.size() > 1 && fills.size() != aggregates) {
            throw error(
                    "FILL has " + fills.size() + " values for " + aggregates
                            + (aggregates == 1 ? " aggregate" : " aggregates")
                            + ": write one for all of them, or one for each",
                    fills.get(0).getParserPosition());
        }
        return filled ? fills : List.of();
    }

    static boolean isWord(SqlNode node, String word) {
        return node instanceof SqlIdentifier name
                && name.isSimple()
                && name.getSimple().equalsIgnoreCase(word)
                && !name.isComponentQuoted(0);
    }

    /** The bucket of the time; a new node each time. */
    private SqlNode bucket(Sampled sampled) {
        SampleClause clause = sampled.clause;
        SqlParserPos position = clause.position();
        List<SqlNode> operands = new ArrayList<>(List.of(clause.width(), column(sampled)));
        SqlNode origin = clause.weeks() ? timestamp(SqlLiteral.createCharString(FIRST_WEEK, position)) : null;
        SqlNode zone = clause.zone();
        if (!sampled.filled) {
            addPresent(operands, origin);
            addPresent(operands, zone);
            return SyntaxRewrite.function("time_bucket", position, operands);
        }
        operands.add(bound(clause.start(), position));
        operands.add(bound(clause.end(), position));
        if (origin != null || zone != null) {
            operands.add(origin == null ? timestamp(SqlLiteral.createNull(position)) : origin);
            operands.add(zone == null ? text(SqlLiteral.createNull(position)) : zone);
        }
        return SyntaxRewrite.function("time_bucket_gapfill", position, operands);
    }

    private static void addPresent(List<SqlNode> operands, @Nullable SqlNode node) {
        if (node != null) {
            operands.add(node);
        }
    }

    private static SqlNode column(Sampled sampled) {
        SqlIdentifier named = sampled.clause.time();
        if (named != null) {
            return named;
        }
        String table = sampled.time.table();
        List<String> names = table == null ? List.of(sampled.time.name()) : List.of(table, sampled.time.name());
        return new SqlIdentifier(names, sampled.clause.position());
    }

    private static SqlNode bound(@Nullable SqlNode given, SqlParserPos position) {
        return timestamp(given == null ? SqlLiteral.createNull(position) : given);
    }

    private static SqlNode timestamp(SqlNode value) {
        return cast(value, SqlTypeName.TIMESTAMP);
    }

    private static SqlNode text(SqlNode value) {
        return cast(value, SqlTypeName.VARCHAR);
    }

    private static SqlNode cast(SqlNode value, SqlTypeName type) {
        SqlParserPos position = value.getParserPosition();
        SqlDataTypeSpec spec = new SqlDataTypeSpec(new SqlBasicTypeNameSpec(type, position), position);
        return SqlStdOperatorTable.CAST.createCall(position, value, spec);
    }

    /** Rows without a time are in no bucket; without FILL the range is a condition like others. */
    private @Nullable SqlNode where(SampledSelect select, Sampled sampled) {
        SqlNode where = select.getWhere();
        if (sampled.filled) {
            return where;
        }
        SqlParserPos position = sampled.clause.position();
        where = and(where, SqlStdOperatorTable.IS_NOT_NULL.createCall(position, column(sampled)));
        SqlNode start = sampled.clause.start();
        if (start != null) {
            where = and(
                    where,
                    SqlStdOperatorTable.GREATER_THAN_OR_EQUAL.createCall(position, column(sampled), timestamp(start)));
        }
        SqlNode end = sampled.clause.end();
        return end == null
                ? where
                : and(where, SqlStdOperatorTable.LESS_THAN.createCall(position, column(sampled), timestamp(end)));
    }

    private static SqlNode and(@Nullable SqlNode left, SqlNode right) {
        return left == null ? right : SqlStdOperatorTable.AND.createCall(left.getParserPosition(), left, right);
    }

    static EngineException error(String message, SqlParserPos position) {
        return new EngineException(
                ErrorCode.INVALID_STATEMENT, message, position.getLineNum(), position.getColumnNum(), null);
    }

    /** The name of what is called, in lower case. */
    static String nameOf(SqlCall call) {
        return call.getOperator().getName().toLowerCase(Locale.ROOT);
    }

    /** Whether a node is a query of its own. */
    static boolean isQuery(SqlNode node) {
        return node.isA(SqlKind.QUERY);
    }
}
