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
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Expressions in SQL's form, with the names of the input's columns: what EXPLAIN shows. */
public final class ExpressionText {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int NANO_DIGITS = 9;
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", java.util.Locale.ROOT);

    private final List<PlanColumn> input;

    /** @param input the columns that {@link Column}s count */
    public ExpressionText(List<PlanColumn> input) {
        this.input = input;
    }

    /** The name of an input column, with its index where the name stands for more than one. */
    public String column(int index) {
        if (index < 0 || index >= input.size()) {
            return "#" + index;
        }
        String name = input.get(index).name();
        long same = input.stream().filter(each -> each.name().equals(name)).count();
        return same == 1 ? name : name + "#" + index;
    }

    public String of(Expression expression) {
        if (expression instanceof Column column) {
            return column(column.index());
        } else if (expression instanceof Literal literal) {
            return literal(literal);
        } else if (expression instanceof Parameter parameter) {
            return "?" + (parameter.index() + 1);
        } else if (expression instanceof Call call) {
            return call(call);
        } else if (expression instanceof Cast cast) {
            return (cast.lenient() ? "TRY_CAST(" : "CAST(") + of(cast.input()) + " AS " + cast.type() + ")";
        } else if (expression instanceof Comparison comparison) {
            return operand(comparison.left()) + " " + comparison.operator().sign() + " " + operand(comparison.right());
        } else if (expression instanceof And and) {
            return joined(and.terms(), " AND ");
        } else if (expression instanceof Or or) {
            return joined(or.terms(), " OR ");
        } else if (expression instanceof Not not) {
            return "NOT " + operand(not.input());
        } else if (expression instanceof IsNull isNull) {
            return operand(isNull.input()) + (isNull.negated() ? " IS NOT NULL" : " IS NULL");
        } else if (expression instanceof IsTruth isTruth) {
            return operand(isTruth.input())
                    + (isTruth.negated() ? " IS NOT " : " IS ")
                    + (isTruth.truth() ? "TRUE" : "FALSE");
        } else if (expression instanceof InList inList) {
            return operand(inList.input()) + (inList.negated() ? " NOT IN (" : " IN (") + list(inList.values()) + ")";
        } else if (expression instanceof Case choice) {
            return choice(choice);
        } else if (expression instanceof Coalesce coalesce) {
            return "COALESCE(" + list(coalesce.arguments()) + ")";
        } else if (expression instanceof NullIf nullIf) {
            return "NULLIF(" + of(nullIf.input()) + ", " + of(nullIf.other()) + ")";
        }
        throw new IllegalStateException("no text for " + expression);
    }

    /** Expressions with commas between them. */
    public String list(List<? extends Expression> expressions) {
        return expressions.stream().map(this::of).collect(Collectors.joining(", "));
    }

    private String joined(List<Expression> terms, String separator) {
        return terms.stream().map(this::operand).collect(Collectors.joining(separator));
    }

    /** In parentheses where the reader would have to know precedences. */
    private String operand(Expression expression) {
        boolean simple = expression instanceof Column
                || expression instanceof Literal
                || expression instanceof Parameter
                || expression instanceof Cast
                || expression instanceof Coalesce
                || expression instanceof NullIf
                || expression instanceof Case
                || (expression instanceof Call call && !isInfix(call));
        return simple ? of(expression) : "(" + of(expression) + ")";
    }

    private static boolean isInfix(Call call) {
        String name = call.function().name();
        return call.arguments().size() == 2 && !Character.isLetter(name.charAt(0)) && name.charAt(0) != '_';
    }

    private String call(Call call) {
        String name = call.function().name();
        if (isInfix(call)) {
            return operand(call.arguments().get(0)) + " " + name + " "
                    + operand(call.arguments().get(1));
        }
        return name + "(" + list(call.arguments()) + ")";
    }

    private String choice(Case choice) {
        StringBuilder text = new StringBuilder("CASE");
        for (int i = 0; i < choice.conditions().size(); i++) {
            text.append(" WHEN ").append(of(choice.conditions().get(i)));
            text.append(" THEN ").append(of(choice.results().get(i)));
        }
        return text.append(" ELSE ")
                .append(of(choice.otherwise()))
                .append(" END")
                .toString();
    }

    private static String literal(Literal literal) {
        Object value = literal.value();
        if (value == null) {
            return "NULL";
        }
        return switch (literal.type().kind()) {
            case VARCHAR, SYMBOL -> "'" + value.toString().replace("'", "''") + "'";
            case VARBINARY -> "X'" + HexFormat.of().withUpperCase().formatHex((byte[]) value) + "'";
            case BOOLEAN -> value.equals(true) ? "TRUE" : "FALSE";
            case DECIMAL -> ((BigDecimal) value).toPlainString();
            case DATE -> "DATE '" + LocalDate.ofEpochDay((Long) value) + "'";
            case TIME -> "TIME '" + withFraction(time((Long) value), fraction((Long) value)) + "'";
            case TIMESTAMP -> "TIMESTAMP '" + withFraction(timestamp((Long) value), fraction((Long) value)) + "'";
            case INTERVAL_DAY ->
                "INTERVAL '"
                        + BigDecimal.valueOf((Long) value, NANO_DIGITS)
                                .stripTrailingZeros()
                                .toPlainString() + "' SECOND";
            case INTERVAL_MONTH -> "INTERVAL '" + value + "' MONTH";
            default -> value.toString();
        };
    }

    private static long fraction(long nanos) {
        return Math.floorMod(nanos, NANOS_PER_SECOND);
    }

    private static String time(long nanosOfDay) {
        return LocalTime.ofSecondOfDay(nanosOfDay / NANOS_PER_SECOND)
                .format(DateTimeFormatter.ofPattern("HH:mm:ss", java.util.Locale.ROOT));
    }

    private static String timestamp(long nanos) {
        return LocalDateTime.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), 0, ZoneOffset.UTC)
                .format(TIMESTAMP);
    }

    private static String withFraction(String seconds, long nanos) {
        if (nanos == 0) {
            return seconds;
        }
        String digits =
                BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros().toPlainString();
        return seconds + digits.substring(1);
    }
}
