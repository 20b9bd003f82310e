package io.zeptodb.engine.optimizer;

import com.google.common.collect.BoundType;
import com.google.common.collect.Range;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.And;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.Expression.IsNull;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.Expression.Or;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.sql.type.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.util.RangeSets;
import org.apache.calcite.util.Sarg;

/** Calcite's SEARCH, a value in a set of ranges, as IN lists and comparisons. */
final class RangeLowering {
    private final LoweringContext context;

    RangeLowering(LoweringContext context) {
        this.context = context;
    }

    Expression search(Expression input, RexLiteral ranges) {
        Sarg<?> sarg = Objects.requireNonNull(ranges.getValueAs(Sarg.class));
        ColumnType type = Types.toEngine(ranges.getType());
        if (sarg.rangeSet.isEmpty() || sarg.rangeSet.encloses(Range.all())) {
            return everythingOrNothing(input, sarg);
        }
        Expression inside =
                sarg.isComplementedPoints() ? points(input, complement(sarg, type), true) : ranges(input, sarg, type);
        return switch (sarg.nullAs) {
            case UNKNOWN -> inside;
            case TRUE -> new Or(List.of(new IsNull(input, false), inside));
            case FALSE -> new And(List.of(new IsNull(input, true), inside));
        };
    }

    /** One answer for every value that is not NULL. */
    private static Expression everythingOrNothing(Expression input, Sarg<?> sarg) {
        boolean nothing = sarg.rangeSet.isEmpty();
        Literal unknown = new Literal(null, ColumnType.BOOLEAN);
        return switch (sarg.nullAs) {
            case TRUE -> nothing ? new IsNull(input, false) : Folding.TRUE;
            case FALSE -> nothing ? Folding.FALSE : new IsNull(input, true);
            case UNKNOWN ->
                nothing
                        ? new And(List.of(new IsNull(input, false), unknown))
                        : new Or(List.of(new IsNull(input, true), unknown));
        };
    }

    @SuppressWarnings("rawtypes")
    private static List<Literal> complement(Sarg<?> sarg, ColumnType type) {
        List<Literal> values = new ArrayList<>();
        for (Object range : sarg.negate().rangeSet.asRanges()) {
            values.add(Literals.of(((Range) range).lowerEndpoint(), type));
        }
        return values;
    }

    private Expression ranges(Expression input, Sarg<?> sarg, ColumnType type) {
        List<Literal> gaps = gaps(sarg, type);
        if (!gaps.isEmpty()) {
            List<Expression> terms = new ArrayList<>();
            Range<?> span = sarg.rangeSet.span();
            if (span.hasLowerBound() || span.hasUpperBound()) {
                terms.addAll(ExpressionTree.conjuncts(range(input, span, type)));
            }
            terms.add(points(input, gaps, true));
            return ExpressionTree.and(terms);
        }
        List<Literal> single = new ArrayList<>();
        List<Expression> terms = new ArrayList<>();
        for (Range<?> range : sarg.rangeSet.asRanges()) {
            if (isPoint(range)) {
                single.add(Literals.of(range.lowerEndpoint(), type));
            } else {
                terms.add(range(input, range, type));
            }
        }
        if (!single.isEmpty()) {
            terms.add(0, points(input, single, false));
        }
        return terms.size() == 1 ? terms.get(0) : new Or(terms);
    }

    /** The values left out between neighbouring ranges, if nothing else is left out between them; else none. */
    @SuppressWarnings("rawtypes")
    private static List<Literal> gaps(Sarg<?> sarg, ColumnType type) {
        List<Literal> gaps = new ArrayList<>();
        Range before = null;
        for (Object each : sarg.rangeSet.asRanges()) {
            Range range = (Range) each;
            if (before != null) {
                if (!before.upperEndpoint().equals(range.lowerEndpoint())) {
                    return List.of();
                }
                gaps.add(Literals.of(range.lowerEndpoint(), type));
            }
            before = range;
        }
        return gaps;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static boolean isPoint(Range<?> range) {
        return RangeSets.isPoint((Range) range);
    }

    private Expression range(Expression input, Range<?> range, ColumnType type) {
        List<Expression> bounds = new ArrayList<>();
        if (range.hasLowerBound()) {
            Comparator operator =
                    range.lowerBoundType() == BoundType.CLOSED ? Comparator.GREATER_OR_EQUAL : Comparator.GREATER;
            bounds.add(compare(operator, input, Literals.of(range.lowerEndpoint(), type)));
        }
        if (range.hasUpperBound()) {
            Comparator operator =
                    range.upperBoundType() == BoundType.CLOSED ? Comparator.LESS_OR_EQUAL : Comparator.LESS;
            bounds.add(compare(operator, input, Literals.of(range.upperEndpoint(), type)));
        }
        return ExpressionTree.and(bounds);
    }

    private Expression points(Expression input, List<Literal> values, boolean negated) {
        if (values.size() == 1) {
            return compare(negated ? Comparator.NOT_EQUAL : Comparator.EQUAL, input, values.get(0));
        }
        List<Literal> converted = new ArrayList<>();
        for (Literal value : values) {
            if (input.type().kind().isText() && value.type().kind().isText()) {
                converted.add(value);
            } else if (context.conversion().to(value, input.type()) instanceof Literal exact && isExact(value, exact)) {
                converted.add(exact);
            } else {
                return separately(input, values, negated);
            }
        }
        return Disjunction.in(input, converted, negated);
    }

    /** Whether a constant kept its value when it took the input's type: 1.5 as INTEGER does not. */
    private boolean isExact(Literal value, Literal converted) {
        return Folding.isTrue(context.conversion().compare(Comparator.EQUAL, value, converted));
    }

    private Expression separately(Expression input, List<Literal> values, boolean negated) {
        Comparator operator = negated ? Comparator.NOT_EQUAL : Comparator.EQUAL;
        List<Expression> terms =
                values.stream().map(value -> compare(operator, input, value)).toList();
        return negated ? new And(terms) : new Or(terms);
    }

    private Expression compare(Comparator operator, Expression input, Literal value) {
        return context.conversion().compare(operator, input, value);
    }
}
