/**
 * The only door to the disk. {@link io.zeptodb.engine.store.ExternalFile} reads and writes the files that COPY names. The database folder itself
 * (create, append, sync, map, rename, list, lock; frames with length and checksum) lives here when databases are durable.
 */
@NullMarked
package io.zeptodb.engine.store;

import org.jspecify.annotations.NullMarked;
