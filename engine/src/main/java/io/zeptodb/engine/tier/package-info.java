/**
 * Sealed segments on disk. What will live here, with durable databases: the format of segment files, mapped and used as they lie. Sealed
 * segments in memory belong to {@link io.zeptodb.engine.partition}, so it is empty.
 */
@NullMarked
package io.zeptodb.engine.tier;

import org.jspecify.annotations.NullMarked;
