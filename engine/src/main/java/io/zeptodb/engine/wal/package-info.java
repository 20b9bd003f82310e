/**
 * The commit log: what makes a commit durable before it is seen. {@link io.zeptodb.engine.wal.WalWriter} writes it, {@link
 * io.zeptodb.engine.wal.WalReader} reads it back at open, {@link io.zeptodb.engine.wal.WalRecord} is the layout of what rows it holds. Nothing here
 * knows what a table is: the ingest package gives the records their meaning, in both directions.
 *
 * <p>A log is a chain of files {@code wal-<16 hex digits>.log}, numbered without gaps, of {@link io.zeptodb.engine.store.Frame}s:
 *
 * <pre>
 *   file:         header frame | frame | frame | ...
 *   header:       kind 1; database id (16 bytes), number of this file (8), bytes of the file before when it was left (8)
 *   frame:        kind of the record, flags 1 = first of its transaction, 2 = last of its transaction
 *   frame number: ascends by one or more over all files; a header has the number of the frame before it
 * </pre>
 *
 * <p>A transaction is the frames from a first to a last one; frames of a transaction that was given up stay without a last one, and the next first
 * one ends them. A file is synced before the next one begins, so only the last file can end in a torn write. There, a frame that is not whole
 * is the end, unless a whole frame behind it says that the place had been synced before: that is damage and refused.
 */
@NullMarked
package io.zeptodb.engine.wal;

import org.jspecify.annotations.NullMarked;
