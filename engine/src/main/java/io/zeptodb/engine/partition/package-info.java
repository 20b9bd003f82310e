/**
 * Where the write path and the read path meet. {@link io.zeptodb.engine.partition.DatabaseSnapshot} is the immutable root that a commit
 * publishes and a query reads once; below it {@link io.zeptodb.engine.partition.TableSnapshot}, {@link
 * io.zeptodb.engine.partition.PartitionSnapshot} and {@link io.zeptodb.engine.partition.SegmentSnapshot}, whose rows lie in runs: the rows
 * of one key, contiguous column by column. A segment is hot (it grows) or sealed (sorted by key and time, never changes); readers cannot
 * tell but by {@link io.zeptodb.engine.partition.SegmentSnapshot#sealed()}.
 */
@NullMarked
package io.zeptodb.engine.partition;

import org.jspecify.annotations.NullMarked;
