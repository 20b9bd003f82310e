package io.zeptodb.engine.plan;

import io.zeptodb.engine.api.ColumnType;

/**
 * A bound of the designated timestamp that a scan applies by pruning and by binary search in ordered runs; exact, so no filter repeats it.
 *
 * @param operator LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL or EQUAL; the timestamp stands left
 * @param value a TIMESTAMP without columns: a literal, a parameter, or an expression of them and of now(), computed when the scan is
 *     opened; a NULL lets no row pass
 */
public record TimeBound(Expression.Comparator operator, Expression value) {
    /** The bound that every time holds and NULL does not. */
    public static TimeBound ofAnyTime(ColumnType type) {
        return new TimeBound(Expression.Comparator.GREATER_OR_EQUAL, new Expression.Literal(Long.MIN_VALUE, type));
    }

    /** Whether the bound leaves out NULL and nothing else. */
    public boolean isOfAnyTime() {
        return operator == Expression.Comparator.GREATER_OR_EQUAL
                && value instanceof Expression.Literal literal
                && Long.valueOf(Long.MIN_VALUE).equals(literal.value());
    }
}
