package io.zeptodb.engine.sql;

import io.zeptodb.engine.sql.relation.GapFill;
import io.zeptodb.engine.sql.relation.GapFill.Fill;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * The calls of locf, interpolate and fill_value in a SELECT over an aggregation whose gaps are filled: their values are computed before, as
 * columns that are filled. For one SELECT.
 */
final class FillCalls {
    private static final String BUCKET = "time_bucket_gapfill";

    private static final String PREVIOUS = "locf";
    private static final String LINEAR = "interpolate";
    private static final String VALUE = "fill_value";
    private static final Set<String> NAMES = Set.of(PREVIOUS, LINEAR, VALUE);

    private final GapFill gap;
    private final RexBuilder rex;
    private final RelDataTypeFactory types;
    private final List<RexNode> columns = new ArrayList<>();
    private final List<Fill> fills;
    private final List<RexCall> toValues = new ArrayList<>();

    FillCalls(GapFill gap) {
        this.gap = gap;
        this.rex = gap.getCluster().getRexBuilder();
        this.types = rex.getTypeFactory();
        this.fills = new ArrayList<>(gap.fills());
    }

    /** Whether an operator is the function whose groups get their gaps filled. */
    static boolean isBucket(SqlOperator operator) {
        return operator.getName().equalsIgnoreCase(BUCKET);
    }

    private static String nameOf(RexCall call) {
        return call.getOperator().getName().toLowerCase(Locale.ROOT);
    }

    /** Whether one of the calls is in an expression. */
    static boolean isIn(RexNode node) {
        return finds(node, new RexVisitorImpl<@Nullable Void>(true) {
            @Override
            public @Nullable Void visitCall(RexCall call) {
                if (NAMES.contains(nameOf(call))) {
                    throw Util.FoundOne.NULL;
                }
                return super.visitCall(call);
            }
        });
    }

    /** Whether an expression depends on rows. */
    static boolean hasColumns(RexNode node) {
        return finds(node, new RexVisitorImpl<@Nullable Void>(true) {
            @Override
            public @Nullable Void visitInputRef(RexInputRef column) {
                throw Util.FoundOne.NULL;
            }

            @Override
            public @Nullable Void visitCorrelVariable(RexCorrelVariable variable) {
                throw Util.FoundOne.NULL;
            }

            @Override
            public @Nullable Void visitSubQuery(RexSubQuery query) {
                throw Util.FoundOne.NULL;
            }
        });
    }

    private static boolean finds(RexNode node, RexVisitorImpl<@Nullable Void> visitor) {
        try {
            node.accept(visitor);
            return false;
        } catch (Util.FoundOne e) {
            return true;
        }
    }

    static List<RexNode> present(@Nullable RexNode... nodes) {
        List<RexNode> present = new ArrayList<>();
        for (RexNode node : nodes) {
            if (node != null) {
                present.add(node);
            }
        }
        return present;
    }

    /** Columns of a gap fill: the input's, more of them that may be NULL, and the mark of added rows. */
    static RelDataType rowType(RelNode input, List<RexNode> more) {
        RelDataTypeFactory types = input.getCluster().getTypeFactory();
        RelDataTypeFactory.Builder builder = types.builder();
        int known = input.getRowType().getFieldCount() - more.size();
        for (RelDataTypeField field : input.getRowType().getFieldList()) {
            RelDataType type = field.getType();
            builder.add(field.getName(), field.getIndex() < known ? type : types.createTypeWithNullability(type, true));
        }
        builder.add("$filled", types.createSqlType(SqlTypeName.BOOLEAN));
        return builder.build();
    }

    /** The projection over a gap fill that has the columns of its calls. */
    RelNode project(Project project) {
        int known = gap.getInput().getRowType().getFieldCount();
        List<RexNode> found = new ArrayList<>(project.getProjects());
        collect(found);
        if (columns.isEmpty()) {
            return project;
        }
        RelNode input = gap.getInput();
        List<RexNode> all = new ArrayList<>();
        List<String> names = new ArrayList<>(input.getRowType().getFieldNames());
        for (int i = 0; i < known; i++) {
            all.add(rex.makeInputRef(input, i));
        }
        for (RexNode column : columns) {
            names.add("$filled" + all.size());
            all.add(column);
        }
        RelNode before = LogicalProject.create(input, List.of(), all, names, Collections.emptySet());
        GapFill filled = GapFill.create(before, gap.bucket(), fills, gap.buckets(), rowType(before, columns));
        List<RexNode> results = new ArrayList<>();
        RexShuttle replaced = new Replacement(known, filled);
        project.getProjects().forEach(each -> results.add(each.accept(replaced)));
        return LogicalProject.create(
                filled, project.getHints(), results, project.getRowType(), project.getVariablesSet());
    }

    private void collect(List<RexNode> expressions) {
        for (RexNode expression : expressions) {
            expression.accept(new RexVisitorImpl<@Nullable Void>(true) {
                @Override
                public @Nullable Void visitCall(RexCall call) {
                    if (NAMES.contains(nameOf(call))) {
                        add(call);
                        return null;
                    }
                    return super.visitCall(call);
                }
            });
        }
    }

    private void add(RexCall call) {
        RexNode value = call.getOperands().get(0);
        if (isIn(value)) {
            throw SyntaxRewrite.unsupported(nameOf(call) + " of what is filled already", null);
        }
        if (RexOver.containsOver(value)) {
            throw SyntaxRewrite.unsupported(nameOf(call) + " of a window function", null);
        }
        boolean linear = nameOf(call).equals(LINEAR);
        RelDataType type = types.createTypeWithNullability(
                linear ? types.createSqlType(SqlTypeName.DOUBLE) : value.getType(), true);
        columns.add(type.equals(value.getType()) ? value : rex.makeAbstractCast(type, value, false));
        fills.add(linear ? Fill.LINEAR : nameOf(call).equals(PREVIOUS) ? Fill.PREVIOUS : Fill.NOTHING);
        toValues.add(call);
    }

    /** Each call becomes its column; in the order in which they were collected. */
    private final class Replacement extends RexShuttle {
        private final int known;
        private final GapFill filled;
        private int next;

        Replacement(int known, GapFill filled) {
            this.known = known;
            this.filled = filled;
        }

        @Override
        public RexNode visitCall(RexCall call) {
            if (next >= toValues.size() || !NAMES.contains(nameOf(call))) {
                return super.visitCall(call);
            }
            RexNode column = rex.makeInputRef(filled, known + next++);
            if (nameOf(call).equals(VALUE)) {
                RexNode mark = rex.makeInputRef(filled, known + columns.size());
                RexNode constant = call.getOperands().get(1).accept(this);
                column = rex.makeCall(
                        call.getType(),
                        SqlStdOperatorTable.CASE,
                        List.of(mark, cast(constant, call.getType()), cast(column, call.getType())));
            }
            return cast(column, call.getType());
        }

        private RexNode cast(RexNode value, RelDataType type) {
            return value.getType().equals(type) ? value : rex.makeAbstractCast(type, value, false);
        }
    }
}
