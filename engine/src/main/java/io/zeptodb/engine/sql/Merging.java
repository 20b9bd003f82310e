package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.sql.ast.MergeBranch;
import io.zeptodb.engine.sql.ast.MergeNode;
import io.zeptodb.engine.sql.ast.PlainSelect;
import io.zeptodb.engine.sql.operator.ZeptoOperatorTable;
import io.zeptodb.engine.sql.type.Types;
import io.zeptodb.engine.sql.type.ZeptoTypeFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * MERGE as a query of what becomes of rows: {@code SELECT every column as it becomes, action, sequence FROM source LEFT JOIN changed ON condition}, where
 * a row that is not matched has no sequence. For one statement.
 */
final class Merging {
    private final MergeNode node;
    private final RowChanges changes;
    private final ZeptoOperatorTable operators;
    private final SyntaxRewrite rewrite;
    private final TableMetadata table;
    private final SqlParserPos position;

    Merging(MergeNode node, RowChanges changes, ZeptoOperatorTable operators, SyntaxRewrite rewrite) {
        this.node = node;
        this.changes = changes;
        this.operators = operators;
        this.rewrite = rewrite;
        this.table = changes.table();
        this.position = node.getParserPosition();
    }

    SqlSelect query() {
        checkReachable();
        @Nullable String source = sourceName(node.getSourceTableRef());
        List<SqlNode> conditions = new ArrayList<>();
        List<List<SqlNode>> rows = new ArrayList<>();
        List<SqlNode> actions = new ArrayList<>();
        for (MergeBranch branch : node.branches()) {
            conditions.add(condition(branch, source));
            rows.add(row(branch, source));
            actions.add(number(action(branch.action())));
        }
        List<SqlNode> columns = new ArrayList<>();
        for (int i = 0; i < table.schema().columns().size(); i++) {
            List<SqlNode> values = new ArrayList<>();
            for (List<SqlNode> row : rows) {
                values.add(row.get(i));
            }
            columns.add(choice(conditions, values, reference(i)));
        }
        columns.add(choice(conditions, actions, number(Statement.Merge.NOTHING)));
        columns.add(changes.sequence(position));
        return PlainSelect.of(position, new SqlNodeList(columns, position), join(), null);
    }

    private static int action(MergeBranch.Action action) {
        return switch (action) {
            case NOTHING -> Statement.Merge.NOTHING;
            case UPDATE -> Statement.Merge.UPDATE;
            case DELETE -> Statement.Merge.DELETE;
            case INSERT -> Statement.Merge.INSERT;
        };
    }

    private void checkReachable() {
        boolean[] closed = new boolean[2];
        for (MergeBranch branch : node.branches()) {
            int kind = branch.matched() ? 1 : 0;
            if (closed[kind]) {
                throw TableNames.at(
                        ErrorCode.SYNTAX_ERROR,
                        "this WHEN is never reached: one before it has no condition",
                        branch.position());
            }
            closed[kind] = branch.condition() == null;
        }
    }

    private SqlNode join() {
        boolean inserts = node.branches().stream().anyMatch(branch -> !branch.matched());
        SqlNode source = rewrite.rewrite(node.getSourceTableRef());
        SqlNode on = changes.withoutSchema(rewrite.rewrite(node.getCondition()));
        return new SqlJoin(
                position,
                source,
                SqlLiteral.createBoolean(false, position),
                (inserts ? JoinType.LEFT : JoinType.INNER).symbol(position),
                changes.target(),
                JoinConditionType.ON.symbol(position),
                on);
    }

    /** Calls are changed where they are by the validator: what stands twice must be two. */
    private SqlNode choice(List<SqlNode> conditions, List<SqlNode> values, SqlNode otherwise) {
        SqlNodeList whens = new SqlNodeList(position);
        SqlNodeList thens = new SqlNodeList(position);
        for (int i = 0; i < conditions.size(); i++) {
            whens.add(DistinctRows.copy(conditions.get(i)));
            thens.add(values.get(i));
        }
        return new SqlCase(position, null, whens, thens, otherwise);
    }

    private SqlNode condition(MergeBranch branch, @Nullable String source) {
        SqlNode sequence = changes.sequence(position);
        SqlNode found = (branch.matched() ? SqlStdOperatorTable.IS_NOT_NULL : SqlStdOperatorTable.IS_NULL)
                .createCall(position, sequence);
        SqlNode own = branch.condition();
        if (own == null) {
            return found;
        }
        refuseRandom(own);
        SqlNode meant = value(rewrite.rewrite(own), branch, source);
        return SqlStdOperatorTable.AND.createCall(own.getParserPosition(), found, meant);
    }

    /** Each column has the condition for itself: one that were computed anew for each would take some of them and leave the others. */
    private void refuseRandom(SqlNode condition) {
        condition.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                String name = Sampling.nameOf(call);
                if (operators.isRandom(name)) {
                    throw TableNames.at(
                            ErrorCode.FEATURE_NOT_SUPPORTED,
                            name + "() in a WHEN of MERGE is not supported: make it a column of the source, as in USING"
                                    + " (SELECT *, random() AS chance FROM …)",
                            call.getParserPosition());
                }
                return super.visit(call);
            }
        });
    }

    /** The row as it becomes, a value for each column of the table. */
    private List<SqlNode> row(MergeBranch branch, @Nullable String source) {
        boolean inserts = branch.action() == MergeBranch.Action.INSERT;
        List<SqlNode> row = new ArrayList<>();
        for (int i = 0; i < table.schema().columns().size(); i++) {
            row.add(inserts ? cast(SqlLiteral.createNull(position), i) : reference(i));
        }
        SqlNodeList named = branch.columns();
        boolean assigns = branch.action() == MergeBranch.Action.UPDATE;
        List<Integer> ordinals = assigns && named != null ? changes.assigned(named) : TableNames.ordinals(table, named);
        List<SqlNode> values = branch.values();
        if (inserts && !values.isEmpty() && values.size() != ordinals.size()) {
            throw TableNames.at(
                    ErrorCode.SYNTAX_ERROR,
                    "INSERT of MERGE has " + values.size() + " values for " + ordinals.size() + " columns",
                    branch.position());
        }
        for (int i = 0; i < values.size(); i++) {
            int ordinal = ordinals.get(i);
            SqlNode value = values.get(i);
            SqlNode meant = value.getKind() == SqlKind.DEFAULT
                    ? SqlLiteral.createNull(value.getParserPosition())
                    : value(Constants.fit(rewrite.rewrite(value), table.schema().typeOf(ordinal)), branch, source);
            row.set(ordinal, cast(meant, ordinal));
        }
        return row;
    }

    private SqlNode cast(SqlNode value, int ordinal) {
        ColumnType type = table.schema().typeOf(ordinal);
        ColumnType wanted = type.kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : type;
        SqlParserPos place = value.getParserPosition();
        return SqlStdOperatorTable.CAST.createCall(
                place, value, SqlTypeUtil.convertTypeToSpec(Types.toCalcite(new ZeptoTypeFactory(), wanted, true)));
    }

    private SqlNode reference(int ordinal) {
        return changes.reference(table.schema().columns().get(ordinal).name(), position);
    }

    private SqlNode number(int value) {
        return SqlLiteral.createExactNumeric(Integer.toString(value), position);
    }

    /** Where there is no row of the table a name without a qualifier is one of the source's. */
    private SqlNode value(SqlNode written, MergeBranch branch, @Nullable String source) {
        SqlNode own = changes.withoutSchema(written);
        if (branch.matched()) {
            return own;
        }
        SqlNode qualified = own.accept(new SqlShuttle() {
            @Override
            public @Nullable SqlNode visit(SqlCall call) {
                return call.isA(SqlKind.QUERY) ? call : super.visit(call);
            }

            @Override
            public SqlNode visit(SqlIdentifier name) {
                if (name.isSimple() && source != null && !SyntaxRewrite.isClock(name)) {
                    SqlParserPos place = name.getParserPosition();
                    return new SqlIdentifier(List.of(source, name.getSimple()), null, place, List.of(place, place));
                }
                if (!name.isSimple() && changes.isTarget(name)) {
                    throw TableNames.at(
                            ErrorCode.UNDEFINED_TABLE,
                            "WHEN NOT MATCHED has no row of '" + name.names.get(name.names.size() - 2)
                                    + "': only columns of the source are there",
                            name.getParserPosition());
                }
                return name;
            }
        });
        return qualified == null ? own : qualified;
    }

    /** What the source is called; null when it has no one name. */
    private static @Nullable String sourceName(SqlNode source) {
        if (source.getKind() == SqlKind.AS && ((SqlCall) source).operand(1) instanceof SqlIdentifier alias) {
            return alias.getSimple();
        }
        return source instanceof SqlIdentifier name ? name.names.get(name.names.size() - 1) : null;
    }
}
