/**
 * Values on their way between Arrow and JDBC: one accessor for each vector type, {@link io.zeptodb.jdbc.value.ArrowCursor} which moves
 * them from row to row, the JDBC view of a column type, dates and times, and how an engine's error becomes an SQLException.
 *
 * <p>Nothing here knows where rows come from: an engine in the process and a server both give a {@code BatchCursor}. Start at
 * {@link io.zeptodb.jdbc.value.ArrowCursor}.
 */
@NullMarked
package io.zeptodb.jdbc.value;

import org.jspecify.annotations.NullMarked;
