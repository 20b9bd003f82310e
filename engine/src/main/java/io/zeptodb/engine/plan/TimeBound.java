package io.zeptodb.engine.plan;

/**
 * A bound of the designated timestamp that a scan applies by pruning and by binary search in ordered runs; exact, so no filter repeats it.
 *
 * @param operator LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL or EQUAL; the timestamp stands left
 * @param value a TIMESTAMP without columns: a literal, a parameter, or an expression of them and of now(), computed when the scan is
 *     opened; a NULL lets no row pass
 */
public record TimeBound(Expression.Comparator operator, Expression value) {}
