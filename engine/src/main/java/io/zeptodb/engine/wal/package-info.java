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
 * <p>A transaction is the frames from a first to a last one, in as many files as it takes; frames of a transaction that was given up stay without a
 * last one, and the next first one ends them. {@link io.zeptodb.engine.wal.LogSizes} says where files and records are cut.
 *
 * <p><b>The first file.</b> Old files are deleted when their rows are in segments. The first one that is kept always begins with the beginning of a
 * transaction: never in the middle of one, whether that was committed or given up, so that a frame without a beginning is damage and nothing else.
 * Who needs what a transaction wrote keeps the files from {@link io.zeptodb.engine.wal.WalWriter#readableFrom} on: the file of the transaction's beginning,
 * or, when that file begins in the middle of another one, the nearest before it that does not. The reader tells the same number, or that of a nearer file when nothing is left in it of a transaction that was given up. A checkpoint goes
 * on in a new file between two transactions, so files that hang together in this way never become many.
 *
 * <p>A file is synced before the next one begins, so only the last file can end in a torn write. There, a frame that is not whole
 * is the end, unless a whole frame behind it says that the place had been synced before: that is damage and refused.
 */
@NullMarked
package io.zeptodb.engine.wal;

import org.jspecify.annotations.NullMarked;
