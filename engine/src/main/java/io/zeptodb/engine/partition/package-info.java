/**
 * Where the write path and the read path meet. {@link io.zeptodb.engine.partition.DatabaseSnapshot} is the immutable root that a commit
 * publishes and a query reads once; below it {@link io.zeptodb.engine.partition.TableSnapshot}, {@link
 * io.zeptodb.engine.partition.PartitionSnapshot} and {@link io.zeptodb.engine.partition.SegmentSnapshot}, whose rows lie in runs: the rows
 * of one key, contiguous column by column. A segment is hot (it grows) or sealed (sorted by key and time, never changes); readers cannot
 * tell but by {@link io.zeptodb.engine.partition.SegmentSnapshot#sealed()}. Rows that were deleted stay where they are, and readers pass them over
 * ({@link io.zeptodb.engine.partition.DeletedRows}); a segment that is older than its table's columns is read as the table is now.
 *
 * <p>The writer's side: {@link io.zeptodb.engine.partition.DatabaseStore} with its gate, its two halves of a commit and its {@link
 * io.zeptodb.engine.partition.CommitLog}; {@link io.zeptodb.engine.partition.Workspace} is what a transaction over several statements sees.
 */
@NullMarked
package io.zeptodb.engine.partition;

import org.jspecify.annotations.NullMarked;
