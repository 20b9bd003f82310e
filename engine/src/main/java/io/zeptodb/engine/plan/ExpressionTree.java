package io.zeptodb.engine.plan;

import io.zeptodb.engine.plan.Expression.And;
import io.zeptodb.engine.plan.Expression.Call;
import io.zeptodb.engine.plan.Expression.Case;
import io.zeptodb.engine.plan.Expression.Cast;
import io.zeptodb.engine.plan.Expression.Coalesce;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.Expression.InList;
import io.zeptodb.engine.plan.Expression.IsNull;
import io.zeptodb.engine.plan.Expression.IsTruth;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.Expression.Not;
import io.zeptodb.engine.plan.Expression.NullIf;
import io.zeptodb.engine.plan.Expression.Or;
import io.zeptodb.engine.plan.Expression.Parameter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/** Walks over {@link Expression}s: children, rewriting from the leaves up, columns in use. */
public final class ExpressionTree {
    private ExpressionTree() {}

    /** The expressions directly below. */
    public static List<Expression> children(Expression expression) {
        if (expression instanceof Call call) {
            return call.arguments();
        } else if (expression instanceof Cast cast) {
            return List.of(cast.input());
        } else if (expression instanceof Comparison comparison) {
            return List.of(comparison.left(), comparison.right());
        } else if (expression instanceof And and) {
            return and.terms();
        } else if (expression instanceof Or or) {
            return or.terms();
        } else if (expression instanceof Not not) {
            return List.of(not.input());
        } else if (expression instanceof IsNull isNull) {
            return List.of(isNull.input());
        } else if (expression instanceof IsTruth isTruth) {
            return List.of(isTruth.input());
        } else if (expression instanceof InList inList) {
            return List.of(inList.input());
        } else if (expression instanceof Case choice) {
            List<Expression> children = new ArrayList<>(choice.conditions());
            children.addAll(choice.results());
            children.add(choice.otherwise());
            return children;
        } else if (expression instanceof Coalesce coalesce) {
            return coalesce.arguments();
        } else if (expression instanceof NullIf nullIf) {
            return List.of(nullIf.input(), nullIf.other());
        }
        return List.of();
    }

    /** Replaces every node, children first, by what {@code change} makes of it. */
    public static Expression rewrite(Expression expression, UnaryOperator<Expression> change) {
        return change.apply(withChildren(expression, change));
    }

    private static Expression withChildren(Expression expression, UnaryOperator<Expression> change) {
        if (expression instanceof Column || expression instanceof Literal || expression instanceof Parameter) {
            return expression;
        } else if (expression instanceof Call call) {
            return new Call(call.function(), rewriteAll(call.arguments(), change), call.place());
        } else if (expression instanceof Cast cast) {
            return new Cast(rewrite(cast.input(), change), cast.type(), cast.lenient(), cast.place());
        } else if (expression instanceof Comparison comparison) {
            return new Comparison(
                    comparison.operator(), rewrite(comparison.left(), change), rewrite(comparison.right(), change));
        } else if (expression instanceof And and) {
            return new And(rewriteAll(and.terms(), change));
        } else if (expression instanceof Or or) {
            return new Or(rewriteAll(or.terms(), change));
        } else if (expression instanceof Not not) {
            return new Not(rewrite(not.input(), change));
        } else if (expression instanceof IsNull isNull) {
            return new IsNull(rewrite(isNull.input(), change), isNull.negated());
        } else if (expression instanceof IsTruth isTruth) {
            return new IsTruth(rewrite(isTruth.input(), change), isTruth.truth(), isTruth.negated());
        } else if (expression instanceof InList inList) {
            return new InList(rewrite(inList.input(), change), inList.values(), inList.negated());
        } else if (expression instanceof Case choice) {
            return new Case(
                    rewriteAll(choice.conditions(), change),
                    rewriteAll(choice.results(), change),
                    rewrite(choice.otherwise(), change),
                    choice.type());
        } else if (expression instanceof Coalesce coalesce) {
            return new Coalesce(rewriteAll(coalesce.arguments(), change), coalesce.type());
        } else if (expression instanceof NullIf nullIf) {
            return new NullIf(rewrite(nullIf.input(), change), rewrite(nullIf.other(), change), nullIf.common());
        }
        throw new IllegalStateException("no rewriting of " + expression);
    }

    private static List<Expression> rewriteAll(List<Expression> expressions, UnaryOperator<Expression> change) {
        return expressions.stream().map(each -> rewrite(each, change)).toList();
    }

    /** Replaces columns by the expressions at their index: what stands over a projection comes to stand over its input. */
    public static Expression substitute(Expression expression, List<Expression> columns) {
        return rewrite(expression, each -> each instanceof Column column ? columns.get(column.index()) : each);
    }

    /** Renumbers the columns. */
    public static Expression renumber(Expression expression, IntUnaryOperator newIndex) {
        return rewrite(
                expression,
                each -> each instanceof Column column
                        ? new Column(newIndex.applyAsInt(column.index()), column.type())
                        : each);
    }

    /** Visits every node, parents first. */
    public static void visit(Expression expression, Consumer<Expression> visitor) {
        visitor.accept(expression);
        children(expression).forEach(child -> visit(child, visitor));
    }

    /** Adds the columns that an expression reads. */
    public static void addColumns(Expression expression, BitSet columns) {
        visit(expression, each -> {
            if (each instanceof Column column) {
                columns.set(column.index());
            }
        });
    }

    /** The columns that an expression reads. */
    public static BitSet columns(Expression expression) {
        BitSet columns = new BitSet();
        addColumns(expression, columns);
        return columns;
    }

    /** Whether an expression reads no column: it has one value for a run of the statement. */
    public static boolean isConstant(Expression expression) {
        return columns(expression).isEmpty();
    }

    /** The terms of an AND, flattened; the expression itself if it is none. */
    public static List<Expression> conjuncts(Expression expression) {
        if (!(expression instanceof And and)) {
            return List.of(expression);
        }
        return and.terms().stream().flatMap(term -> conjuncts(term).stream()).toList();
    }

    /** An AND of terms, or the one term; there must be one. */
    public static Expression and(List<Expression> terms) {
        return terms.size() == 1 ? terms.get(0) : new And(List.copyOf(terms));
    }
}
