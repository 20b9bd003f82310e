/**
 * The only door to the disk. What will live here, with the first database that is kept in a folder: a directory that creates, appends,
 * syncs, maps, renames, lists and locks files, and frames with length and checksum. Databases in memory need nothing of it, so it is empty.
 */
@NullMarked
package io.zeptodb.engine.store;

import org.jspecify.annotations.NullMarked;
