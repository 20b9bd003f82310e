package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/**
 * The columns that USING and NATURAL joins merge. Calcite knows them in the select list only; here a join becomes one with ON, and the names that
 * it merged are qualified wherever they stand: the left column's, the right one's for RIGHT JOIN, COALESCE of both for FULL JOIN. For one
 * statement; nodes are changed in place, after their FROM was validated.
 */
final class CommonColumns {
    private final SqlValidator validator;
    private final Map<SqlJoin, List<String>> merged = new IdentityHashMap<>();
    private final Map<SqlJoin, List<Visible>> shown = new IdentityHashMap<>();

    CommonColumns(SqlValidator validator) {
        this.validator = validator;
    }

    /**
     * A column of a FROM clause.
     *
     * @param common whether several columns are one here, so that its name alone means this reference
     */
    record Visible(String name, SqlNode reference, boolean common) {}

    /** Remembers that a join merges these columns. */
    void merge(SqlJoin join, List<String> names) {
        merged.put(join, names);
    }

    /**
     * Remembers that a join shows other columns than its sides do.
     *
     * @param shown what {@code SELECT *} gives, in order; those that are common can be named without qualification
     */
    void show(SqlJoin join, List<Visible> columns) {
        shown.put(join, columns);
    }

    /** Names that both sides of a NATURAL join have. */
    List<String> natural(SqlJoin join) {
        List<Visible> right = visible(join.getRight());
        return visible(join.getLeft()).stream()
                .map(Visible::name)
                .filter(name -> right.stream().anyMatch(column -> column.name().equalsIgnoreCase(name)))
                .distinct()
                .toList();
    }

    /** The column of one side of a join that USING means, or an error at the column's place. */
    SqlNode side(SqlNode from, SqlIdentifier column, String side) {
        String name = column.getSimple();
        List<Visible> found = visible(from).stream()
                .filter(visible -> visible.name().equalsIgnoreCase(name))
                .toList();
        if (found.size() == 1) {
            return found.get(0).reference().clone(column.getParserPosition());
        }
        SqlParserPos position = column.getParserPosition();
        throw new EngineException(
                found.isEmpty() ? ErrorCode.UNDEFINED_COLUMN : ErrorCode.AMBIGUOUS_COLUMN,
                "column '" + name + "' of USING is in " + (found.isEmpty() ? "no table" : "more than one table")
                        + " on the " + side + " of the join",
                position.getLineNum(),
                position.getColumnNum(),
                null);
    }

    /** Qualifies the merged names in a join's condition. */
    void qualifyCondition(SqlJoin join) {
        SqlNode condition = join.getCondition();
        if (condition != null && !isIdle()) {
            List<Visible> visible = visible(join);
            join.setOperand(5, qualify(condition, visible, Set.of()));
        }
    }

    /** Qualifies the merged names in all clauses, and writes out the star. */
    void qualifySelect(SqlSelect select) {
        SqlNode from = select.getFrom();
        if (from == null || isIdle() || !mergesIn(from)) {
            return;
        }
        List<Visible> visible = visible(from);
        Set<String> aliases = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        SqlNodeList items = select.getSelectList();
        List<SqlNode> replaced = new ArrayList<>();
        for (SqlNode item : items) {
            if (item instanceof SqlIdentifier star && star.isStar() && star.names.size() == 1) {
                visible.forEach(column -> replaced.add(named(column, star.getParserPosition())));
            } else if (item.getKind() == SqlKind.AS) {
                aliases.add(((SqlIdentifier) ((SqlCall) item).operand(1)).getSimple());
                replaced.add(qualify(item, visible, Set.of()));
            } else {
                Visible common = item instanceof SqlIdentifier name ? common(name, visible) : null;
                replaced.add(
                        common != null ? named(common, item.getParserPosition()) : qualify(item, visible, Set.of()));
            }
        }
        items.clear();
        items.addAll(replaced);
        if (select.getWhere() != null) {
            select.setWhere(qualify(select.getWhere(), visible, Set.of()));
        }
        if (select.getHaving() != null) {
            select.setHaving(qualify(select.getHaving(), visible, aliases));
        }
        if (select.getQualify() != null) {
            select.setQualify(qualify(select.getQualify(), visible, aliases));
        }
        for (SqlNodeList list : new SqlNodeList[] {select.getGroup(), select.getWindowList()}) {
            if (list != null) {
                qualify(list, visible, Set.of());
            }
        }
        if (select.getOrderList() != null) {
            qualify(select.getOrderList(), visible, aliases);
        }
    }

    private boolean isIdle() {
        return merged.isEmpty() && shown.isEmpty();
    }

    private boolean mergesIn(SqlNode from) {
        return from instanceof SqlJoin join
                && (merged.containsKey(join)
                        || shown.containsKey(join)
                        || mergesIn(join.getLeft())
                        || mergesIn(join.getRight()));
    }

    private static SqlNode named(Visible column, SqlParserPos position) {
        SqlNode reference = column.reference().clone(position);
        return reference instanceof SqlIdentifier
                ? reference
                : SqlStdOperatorTable.AS.createCall(position, reference, new SqlIdentifier(column.name(), position));
    }

    private SqlNode qualify(SqlNode node, List<Visible> visible, Set<String> untouched) {
        if (node instanceof SqlIdentifier name) {
            Visible common = common(name, visible);
            return common == null || untouched.contains(common.name())
                    ? name
                    : common.reference().clone(name.getParserPosition());
        } else if (node instanceof SqlNodeList list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i) != null) {
                    list.set(i, qualify(list.get(i), visible, untouched));
                }
            }
        } else if (node instanceof SqlCall call && !call.isA(SqlKind.QUERY)) {
            List<SqlNode> operands = call.getOperandList();
            for (int i = 0; i < operands.size(); i++) {
                SqlNode operand = operands.get(i);
                boolean alias = call.getKind() == SqlKind.AS && i > 0;
                SqlNode replaced = operand == null || alias ? operand : qualify(operand, visible, untouched);
                if (replaced != operand) {
                    call.setOperand(i, replaced);
                }
            }
        }
        return node;
    }

    private static @Nullable Visible common(SqlIdentifier name, List<Visible> visible) {
        if (!name.isSimple()) {
            return null;
        }
        for (Visible column : visible) {
            if (column.common() && column.name().equalsIgnoreCase(name.getSimple())) {
                return column;
            }
        }
        return null;
    }

    /** The columns of a FROM clause, as {@code SELECT *} gives them; the list is the caller's. */
    List<Visible> visible(SqlNode from) {
        if (!(from instanceof SqlJoin join)) {
            return columns(from);
        }
        if (shown.containsKey(join)) {
            return new ArrayList<>(shown.getOrDefault(join, List.of()));
        }
        List<Visible> left = visible(join.getLeft());
        List<Visible> right = visible(join.getRight());
        List<Visible> all = new ArrayList<>();
        List<String> names = merged.getOrDefault(join, Collections.emptyList());
        for (String name : names) {
            Visible first = take(left, name);
            Visible second = take(right, name);
            if (first != null && second != null) {
                all.add(new Visible(first.name(), reference(join.getJoinType(), first, second), true));
            }
        }
        all.addAll(left);
        all.addAll(right);
        return all;
    }

    private static SqlNode reference(JoinType type, Visible left, Visible right) {
        return switch (type) {
            case RIGHT -> right.reference();
            case FULL ->
                SqlStdOperatorTable.COALESCE.createCall(SqlParserPos.ZERO, left.reference(), right.reference());
            default -> left.reference();
        };
    }

    private static @Nullable Visible take(List<Visible> columns, String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equalsIgnoreCase(name)) {
                return columns.remove(i);
            }
        }
        return null;
    }

    private List<Visible> columns(SqlNode table) {
        List<Visible> columns = new ArrayList<>();
        SqlValidatorNamespace namespace = validator.getNamespace(table);
        String alias = SqlValidatorUtil.alias(table);
        if (namespace != null && alias != null) {
            for (RelDataTypeField field : namespace.getRowType().getFieldList()) {
                SqlNode reference = new SqlIdentifier(List.of(alias, field.getName()), SqlParserPos.ZERO);
                columns.add(new Visible(field.getName(), reference, false));
            }
        }
        return columns;
    }
}
