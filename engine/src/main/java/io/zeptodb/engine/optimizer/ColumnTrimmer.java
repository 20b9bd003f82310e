package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.sql.relation.GapFill;
import io.zeptodb.engine.sql.relation.VolatileProject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexPermuteInputsShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.mapping.Mapping;
import org.apache.calcite.util.mapping.MappingType;
import org.apache.calcite.util.mapping.Mappings;

/**
 * Takes away columns that nobody reads, of window joins too. Public because Calcite finds the method of a relation by reflection; only
 * {@link RelationOptimizer} calls it.
 */
public final class ColumnTrimmer extends RelFieldTrimmer {
    ColumnTrimmer(RelBuilder builder) {
        super(null, builder);
    }

    /** A window join reads the left columns of its consumer and its condition, and of the right side what its condition and the calls that are left read. */
    public TrimResult trimFields(
            WindowJoinRelation join, ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields) {
        RelNode left = join.getLeft();
        RelNode right = join.getRight();
        int leftCount = left.getRowType().getFieldCount();
        int rightCount = right.getRowType().getFieldCount();
        ImmutableBitSet read = RelOptUtil.InputFinder.bits(join.condition());
        ImmutableBitSet.Builder leftUsed = ImmutableBitSet.builder();
        ImmutableBitSet.Builder rightUsed = ImmutableBitSet.builder();
        for (int column : fieldsUsed.union(read)) {
            if (column < leftCount) {
                leftUsed.set(column);
            } else if (read.get(column)) {
                rightUsed.set(column - leftCount);
            }
        }
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < join.calls().size(); i++) {
            if (fieldsUsed.get(leftCount + i)) {
                kept.add(i);
                addReads(join.calls().get(i), rightUsed);
            }
        }
        TrimResult newLeft = trimChild(join, left, leftUsed.build(), Set.of());
        TrimResult newRight = trimChild(join, right, rightUsed.build(), Set.of());
        int newLeftCount = newLeft.left.getRowType().getFieldCount();
        int newRightCount = newRight.left.getRowType().getFieldCount();
        Mapping both =
                Mappings.create(MappingType.INVERSE_SURJECTION, leftCount + rightCount, newLeftCount + newRightCount);
        newLeft.right.forEach(pair -> both.set(pair.source, pair.target));
        newRight.right.forEach(pair -> both.set(leftCount + pair.source, newLeftCount + pair.target));
        RexNode condition = join.condition().accept(new RexPermuteInputsShuttle(both, newLeft.left, newRight.left));
        List<AggregateCall> calls = kept.stream()
                .map(i -> join.calls().get(i).transform(newRight.right))
                .toList();
        return trimmed(join, new WindowParts(newLeft, newRight.left, condition, calls, kept));
    }

    /** As Calcite's, but for its builder, which makes one node of an offset over a limit: the other way round they are other rows. */
    @Override
    public TrimResult trimFields(Sort sort, ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields) {
        ImmutableBitSet.Builder read = fieldsUsed.rebuild();
        sort.getCollation().getFieldCollations().forEach(key -> read.set(key.getFieldIndex()));
        TrimResult input = trimChild(sort, sort.getInput(), read.build(), Set.of());
        if (input.left == sort.getInput()
                && input.right.isIdentity()
                && fieldsUsed.cardinality() == sort.getRowType().getFieldCount()) {
            return result(sort, input.right);
        }
        RelCollation order = RexUtil.apply(input.right, sort.getCollation());
        return result(LogicalSort.create(input.left, order, sort.offset, sort.fetch), input.right);
    }

    /** Below the filling of gaps columns may go, of its own input none. */
    public TrimResult trimFields(GapFill gap, ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields) {
        RelNode input = gap.getInput();
        int count = input.getRowType().getFieldCount();
        RelNode trimmed = trimChild(gap, input, ImmutableBitSet.range(count), Set.of()).left;
        return result(
                gap.copy(gap.getTraitSet(), List.of(trimmed)),
                Mappings.createIdentity(gap.getRowType().getFieldCount()));
    }

    /** The columns that are read, of which there is always one. */
    public TrimResult trimFields(
            VolatileProject project, ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields) {
        List<Integer> kept = fieldsUsed.isEmpty() ? List.of(0) : fieldsUsed.asList();
        List<RexNode> expressions =
                kept.stream().map(project.expressions()::get).toList();
        TrimResult input =
                trimChild(project, project.getInput(), RelOptUtil.InputFinder.bits(expressions, null), Set.of());
        RexPermuteInputsShuttle renumbered = new RexPermuteInputsShuttle(input.right, input.left);
        var fields = project.getCluster().getTypeFactory().builder();
        Mapping mapping = Mappings.create(
                MappingType.INVERSE_SURJECTION, project.getRowType().getFieldCount(), kept.size());
        for (int i = 0; i < kept.size(); i++) {
            fields.add(project.getRowType().getFieldList().get(kept.get(i)));
            mapping.set(kept.get(i), i);
        }
        return result(VolatileProject.create(input.left, renumbered.visitList(expressions), fields.build()), mapping);
    }

    private record WindowParts(
            TrimResult left, RelNode right, RexNode condition, List<AggregateCall> calls, List<Integer> kept) {}

    private static TrimResult trimmed(WindowJoinRelation join, WindowParts parts) {
        int leftCount = join.getLeft().getRowType().getFieldCount();
        RelNode left = parts.left.left;
        int newLeftCount = left.getRowType().getFieldCount();
        Mapping mapping = Mappings.create(
                MappingType.INVERSE_SURJECTION, join.getRowType().getFieldCount(), newLeftCount + parts.kept.size());
        parts.left.right.forEach(pair -> mapping.set(pair.source, pair.target));
        var fields = join.getCluster().getTypeFactory().builder();
        left.getRowType().getFieldList().forEach(fields::add);
        for (int i = 0; i < parts.kept.size(); i++) {
            mapping.set(leftCount + parts.kept.get(i), newLeftCount + i);
            fields.add(join.getRowType().getFieldList().get(leftCount + parts.kept.get(i)));
        }
        RelNode changed = new WindowJoinRelation(
                left,
                parts.right,
                parts.condition,
                join.prevailing(),
                parts.calls,
                fields.uniquify().build());
        return new TrimResult(changed, mapping);
    }

    private static void addReads(AggregateCall call, ImmutableBitSet.Builder read) {
        call.getArgList().forEach(read::set);
        if (call.filterArg >= 0) {
            read.set(call.filterArg);
        }
        RelCollation order = call.getCollation();
        order.getFieldCollations().forEach(each -> read.set(each.getFieldIndex()));
    }
}
