package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.plan.ConstantEvaluator;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.And;
import io.zeptodb.engine.plan.Expression.Call;
import io.zeptodb.engine.plan.Expression.Case;
import io.zeptodb.engine.plan.Expression.Cast;
import io.zeptodb.engine.plan.Expression.Coalesce;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.Expression.InList;
import io.zeptodb.engine.plan.Expression.IsNull;
import io.zeptodb.engine.plan.Expression.IsTruth;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.Expression.Not;
import io.zeptodb.engine.plan.Expression.Or;
import io.zeptodb.engine.plan.Expression.Parameter;
import io.zeptodb.engine.plan.ExpressionTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes what is constant in an expression, with the engine's own kernels. What fails stays as it is: the run raises the error, if it ever
 * gets there.
 */
final class Folding {
    static final Literal TRUE = new Literal(true, ColumnType.BOOLEAN);
    static final Literal FALSE = new Literal(false, ColumnType.BOOLEAN);

    /** Longer texts are computed again when the statement runs, in its memory: a plan lives on the heap, and long. */
    private static final int MOST_CHARACTERS = 1 << 16;

    private final ConstantEvaluator evaluator;

    Folding(ConstantEvaluator evaluator) {
        this.evaluator = evaluator;
    }

    /** Folds a whole tree. */
    Expression foldTree(Expression expression) {
        return ExpressionTree.rewrite(expression, this::fold);
    }

    /** Folds one node whose children are folded. */
    Expression fold(Expression expression) {
        if (expression instanceof Column || expression instanceof Literal || expression instanceof Parameter) {
            return expression;
        } else if (expression instanceof And and) {
            return junction(and.terms(), true);
        } else if (expression instanceof Or or) {
            return junction(or.terms(), false);
        } else if (expression instanceof Case choice) {
            return choice(choice);
        } else if (expression instanceof Coalesce coalesce) {
            return coalesce(coalesce);
        } else if (expression instanceof Call call) {
            return call(call);
        } else if (expression instanceof Not not) {
            return negation(not);
        } else if (expression instanceof Comparison comparison) {
            return evaluateIfConstant(ofSymbol(comparison));
        }
        return evaluateIfConstant(expression);
    }

    /** A SYMBOL that was made a text to meet a constant meets it as it is, so that a scan sees its key. */
    private static Comparison ofSymbol(Comparison comparison) {
        boolean made = comparison.operator() == Comparator.EQUAL
                && comparison.left() instanceof Cast cast
                && cast.input().type().kind() == TypeKind.SYMBOL
                && cast.type().kind() == TypeKind.VARCHAR
                && (comparison.right() instanceof Literal || comparison.right() instanceof Parameter)
                && comparison.right().type().kind() == TypeKind.VARCHAR;
        return made
                ? new Comparison(comparison.operator(), ((Cast) comparison.left()).input(), comparison.right())
                : comparison;
    }

    static boolean isNull(Expression expression) {
        return expression instanceof Literal literal && literal.value() == null;
    }

    static boolean isTrue(Expression expression) {
        return expression instanceof Literal literal && Boolean.TRUE.equals(literal.value());
    }

    static boolean isFalse(Expression expression) {
        return expression instanceof Literal literal && Boolean.FALSE.equals(literal.value());
    }

    private Expression call(Call call) {
        boolean strict = call.function().nullRule() == NullRule.STRICT;
        if (strict && call.arguments().stream().anyMatch(Folding::isNull)) {
            return new Literal(null, call.type());
        }
        return call.function().deterministic() ? evaluateIfConstant(call) : call;
    }

    private Expression evaluateIfConstant(Expression expression) {
        if (expression.type().kind().isNested()) {
            // no literal has such a value; the run computes a constant once
            return expression;
        }
        for (Expression child : ExpressionTree.children(expression)) {
            if (!(child instanceof Literal)) {
                return expression;
            }
        }
        try {
            Object value = evaluator.evaluate(expression);
            boolean large = value instanceof String text && text.length() > MOST_CHARACTERS;
            return large ? expression : new Literal(value, expression.type());
        } catch (EngineException e) {
            if (e.code() == ErrorCode.TIMEOUT || e.code() == ErrorCode.CANCELLED || e.code() == ErrorCode.CLOSED) {
                throw e; // no kernel fails so: the planning is to end
            }
            // 1/0 in a branch that no row takes is no error: leave it to the run
            return expression;
        }
    }

    /** NOT moves into what it negates; values are in one order, NaN included, so that NOT a < b is a >= b. */
    private Expression negation(Not not) {
        Expression input = not.input();
        if (input instanceof Not inner) {
            return inner.input();
        } else if (input instanceof InList in) {
            return new InList(in.input(), in.values(), !in.negated());
        } else if (input instanceof IsNull isNull) {
            return new IsNull(isNull.input(), !isNull.negated());
        } else if (input instanceof IsTruth isTruth) {
            return new IsTruth(isTruth.input(), isTruth.truth(), !isTruth.negated());
        } else if (input instanceof Comparison comparison) {
            return new Comparison(comparison.operator().negated(), comparison.left(), comparison.right());
        } else if (input instanceof And and) {
            return junction(negated(and.terms()), false);
        } else if (input instanceof Or or) {
            return junction(negated(or.terms()), true);
        }
        return evaluateIfConstant(not);
    }

    private List<Expression> negated(List<Expression> terms) {
        return terms.stream().map(term -> fold(new Not(term))).toList();
    }

    private static Expression junction(List<Expression> terms, boolean conjunction) {
        List<Expression> kept = new ArrayList<>();
        for (Expression term : terms) {
            if (conjunction ? isFalse(term) : isTrue(term)) {
                return term;
            }
            if (term instanceof And and && conjunction) {
                kept.addAll(and.terms());
            } else if (term instanceof Or or && !conjunction) {
                kept.addAll(or.terms());
            } else if (!(conjunction ? isTrue(term) : isFalse(term))) {
                kept.add(term);
            }
        }
        if (kept.isEmpty()) {
            return conjunction ? TRUE : FALSE;
        }
        if (kept.stream().allMatch(Folding::isNull)) {
            return new Literal(null, ColumnType.BOOLEAN);
        }
        Expression distinct = conjunction && kept.size() == 2 ? distinct(kept.get(0), kept.get(1)) : null;
        if (distinct != null) {
            return distinct;
        }
        return kept.size() == 1 ? kept.get(0) : conjunction ? new And(kept) : new Or(kept);
    }

    /** What Calcite makes of IS DISTINCT FROM: (a IS NOT NULL OR b IS NOT NULL) AND (a = b) IS NOT TRUE. */
    private static @Nullable Expression distinct(Expression present, Expression unequal) {
        boolean shape = present instanceof Or or
                && or.terms().size() == 2
                && or.terms().get(0) instanceof IsNull first
                && first.negated()
                && or.terms().get(1) instanceof IsNull second
                && second.negated()
                && unequal instanceof IsTruth truth
                && truth.truth()
                && truth.negated()
                && truth.input() instanceof Comparison comparison
                && comparison.operator() == Comparator.EQUAL
                && comparison.left().equals(first.input())
                && comparison.right().equals(second.input());
        if (!shape) {
            return null;
        }
        Comparison equal = (Comparison) ((IsTruth) unequal).input();
        return new Comparison(Comparator.DISTINCT, equal.left(), equal.right());
    }

    /** A condition as a filter needs it: what is not true is as good as false. */
    static Expression asFilter(Expression condition) {
        return condition instanceof IsTruth truth && truth.truth() && !truth.negated() ? truth.input() : condition;
    }

    private static Expression choice(Case choice) {
        List<Expression> conditions = new ArrayList<>();
        List<Expression> results = new ArrayList<>();
        Expression otherwise = choice.otherwise();
        for (int i = 0; i < choice.conditions().size(); i++) {
            Expression condition = choice.conditions().get(i);
            if (isTrue(condition)) {
                otherwise = choice.results().get(i);
                break;
            }
            if (!isFalse(condition) && !isNull(condition)) {
                conditions.add(condition);
                results.add(choice.results().get(i));
            }
        }
        if (conditions.isEmpty()) {
            return otherwise;
        }
        boolean firstPresent = true;
        for (int i = 0; i < conditions.size(); i++) {
            firstPresent &= conditions.get(i) instanceof IsNull present
                    && present.negated()
                    && withoutCast(results.get(i)).equals(present.input());
        }
        if (!firstPresent) {
            return new Case(conditions, results, otherwise, choice.type());
        }
        // CASE WHEN a IS NOT NULL THEN a ELSE b END
        results.add(otherwise);
        return coalesce(new Coalesce(results, choice.type()));
    }

    private static Expression withoutCast(Expression expression) {
        return expression instanceof Cast cast && !cast.lenient() ? cast.input() : expression;
    }

    private static Expression coalesce(Coalesce coalesce) {
        List<Expression> kept = new ArrayList<>();
        for (Expression argument : coalesce.arguments()) {
            if (isNull(argument)) {
                continue;
            }
            kept.add(argument);
            if (argument instanceof Literal) {
                break;
            }
        }
        if (kept.isEmpty()) {
            return new Literal(null, coalesce.type());
        }
        return kept.size() == 1 ? kept.get(0) : new Coalesce(kept, coalesce.type());
    }
}
