package io.zeptodb.engine.plan;

/**
 * A bound of the designated timestamp that a scan applies by pruning and by binary search in ordered runs; exact, so no filter repeats it.
 *
 * @param operator LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL or EQUAL; the timestamp stands left
 * @param value TIMESTAMP literal or parameter; a NULL lets no row pass
 */
public record TimeBound(Expression.Comparator operator, Expression value) {}
