package io.zeptodb.engine.plan;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.function.ScalarFunction;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value computed for each row of an input. Types are exact: where two kinds meet, the lowering has put a {@link Cast} (only SYMBOL and
 * VARCHAR may be compared with each other as they are). Immutable.
 */
public sealed interface Expression {
    ColumnType type();

    /** A column of the input, by its index there. */
    record Column(int index, ColumnType type) implements Expression {}

    /**
     * A constant. Values are: Boolean; Long for integers, DATE (days), TIME (nanoseconds of the day), TIMESTAMP (nanoseconds since 1970),
     * INTERVAL_DAY (nanoseconds), INTERVAL_MONTH (months); Double for REAL and DOUBLE; BigDecimal of the type's scale; String for VARCHAR;
     * byte[] for VARBINARY; null.
     */
    record Literal(@Nullable Object value, ColumnType type) implements Expression {}

    /** A question mark, from 0, or a variable of an {@link PhysicalPlan.Apply}; its value is known when the plan is opened. */
    record Parameter(int index, ColumnType type) implements Expression {
        /**
         * Its value among those given, in the representation of {@link Literal}.
         *
         * @throws EngineException INVALID_PARAMETER when it has none, or none of its type
         */
        public @Nullable Object valueIn(@Nullable Object[] given) {
            if (index >= given.length) {
                throw new EngineException(
                        ErrorCode.INVALID_PARAMETER,
                        "parameter " + (index + 1) + " has no value: " + given.length + " given");
            }
            Object value = given[index];
            return value instanceof UnfitNumber unfit ? unfit.converted() : value;
        }

        /** What it was given when that is not of its type; null when it is, or nothing was given. */
        public @Nullable UnfitNumber unfitIn(@Nullable Object[] given) {
            return index < given.length && given[index] instanceof UnfitNumber unfit ? unfit : null;
        }
    }

    /**
     * A scalar function; arguments have the parameters' types.
     *
     * @param place where it was written, or null when that is not known; takes no part in equality
     */
    record Call(
            ScalarFunction function,
            List<Expression> arguments,
            @Nullable TextPlace place) implements Expression {
        public Call(ScalarFunction function, List<Expression> arguments) {
            this(function, arguments, null);
        }

        @Override
        public ColumnType type() {
            return function.result();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Call call && function.equals(call.function) && arguments.equals(call.arguments);
        }

        @Override
        public int hashCode() {
            return Objects.hash(function, arguments);
        }
    }

    /**
     * A conversion; a {@code lenient} one (TRY_CAST) gives NULL where the other fails.
     *
     * @param place where it, or what needs it, was written, or null when that is not known; takes no part in equality
     */
    record Cast(
            Expression input,
            ColumnType type,
            boolean lenient,
            @Nullable TextPlace place) implements Expression {
        public Cast(Expression input, ColumnType type, boolean lenient) {
            this(input, type, lenient, null);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Cast cast
                    && lenient == cast.lenient
                    && type.equals(cast.type)
                    && input.equals(cast.input);
        }

        @Override
        public int hashCode() {
            return Objects.hash(input, type, lenient);
        }
    }

    /** A comparison; NULL when a side is NULL, but for the DISTINCT forms. */
    record Comparison(Comparator operator, Expression left, Expression right) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }
    }

    /** How two values are compared. NaN equals NaN and is greater than every number. */
    enum Comparator {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        DISTINCT("IS DISTINCT FROM"),
        NOT_DISTINCT("IS NOT DISTINCT FROM");

        private final String sign;

        Comparator(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }

        /** The operator that is true where this is false. */
        public Comparator negated() {
            return switch (this) {
                case EQUAL -> NOT_EQUAL;
                case NOT_EQUAL -> EQUAL;
                case LESS -> GREATER_OR_EQUAL;
                case LESS_OR_EQUAL -> GREATER;
                case GREATER -> LESS_OR_EQUAL;
                case GREATER_OR_EQUAL -> LESS;
                case DISTINCT -> NOT_DISTINCT;
                case NOT_DISTINCT -> DISTINCT;
            };
        }

        /** The operator when the sides are exchanged. */
        public Comparator mirrored() {
            return switch (this) {
                case LESS -> GREATER;
                case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
                case GREATER -> LESS;
                case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
                case EQUAL, NOT_EQUAL, DISTINCT, NOT_DISTINCT -> this;
            };
        }
    }

    /** Three-valued AND of two and more. */
    record And(List<Expression> terms) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }
    }

    /** Three-valued OR of two and more. */
    record Or(List<Expression> terms) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }
    }

    /** Three-valued NOT. */
    record Not(Expression input) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }
    }

    /** IS NULL, or IS NOT NULL when negated; never NULL. */
    record IsNull(Expression input, boolean negated) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }
    }

    /** IS [NOT] TRUE or FALSE; never NULL. */
    record IsTruth(Expression input, boolean truth, boolean negated) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }
    }

    /** IN a list of constants of the input's type, without NULL among them; NULL for a NULL input. */
    record InList(Expression input, List<Literal> values, boolean negated) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }
    }

    /**
     * CASE: the result of the first true condition, evaluated for those rows only.
     *
     * @param conditions BOOLEAN
     * @param results one for each condition, of {@code type}
     * @param otherwise of {@code type}
     */
    record Case(List<Expression> conditions, List<Expression> results, Expression otherwise, ColumnType type)
            implements Expression {}

    /** The first argument that is not NULL; later ones are evaluated only where needed. */
    record Coalesce(List<Expression> arguments, ColumnType type) implements Expression {}

    /**
     * NULLIF: the input, evaluated once, or NULL where it equals the other.
     *
     * @param common the type in which they are compared
     * @param other of {@code common}
     */
    record NullIf(Expression input, Expression other, ColumnType common) implements Expression {
        @Override
        public ColumnType type() {
            return input.type();
        }
    }
}
