/**
 * Moves rows down: {@link io.zeptodb.engine.seal.Sealer} turns hot segments into sealed ones, in memory ({@link
 * io.zeptodb.engine.seal.MemorySegments}) or in files ({@link io.zeptodb.engine.seal.FolderSegments}), which it also compacts; {@link
 * io.zeptodb.engine.seal.Checkpointer} writes the manifest and deletes what that does not name, log files too; {@link
 * io.zeptodb.engine.seal.SegmentFileWriting} writes the files, also while a log is read back that is longer than the memory; {@link
 * io.zeptodb.engine.seal.Retention} says which slices are too old, {@link io.zeptodb.engine.seal.Backup} copies a folder. The only movers between
 * partition and tier. No thread is made here. Start reading at the Checkpointer: the order of its steps is what a crash relies on.
 */
@NullMarked
package io.zeptodb.engine.seal;

import org.jspecify.annotations.NullMarked;
