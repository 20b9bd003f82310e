/**
 * Moves rows down: {@link io.zeptodb.engine.seal.Sealer} turns hot segments into sealed ones. Compaction of sealed segments, retention, and
 * the end of write-ahead logs will live here, as the only movers between partition and tier. No thread is made here.
 */
@NullMarked
package io.zeptodb.engine.seal;

import org.jspecify.annotations.NullMarked;
