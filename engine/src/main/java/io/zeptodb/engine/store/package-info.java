/**
 * The only door to the disk. {@link io.zeptodb.engine.store.Directory} is the folder of a database: every file of it is made, appended,
 * synced, mapped, renamed, listed and locked through it, so that tests can put one in its place that loses, tears and reorders what was not
 * synced. {@link io.zeptodb.engine.store.FileDirectory} is the real one; {@link io.zeptodb.engine.store.Frame} is the layout of a record with
 * length and checksum, {@link io.zeptodb.engine.store.FrameOutput} and {@link io.zeptodb.engine.store.FrameInput} are files of many of them; {@link io.zeptodb.engine.store.ExternalFile} reads and writes the files that COPY names.
 */
@NullMarked
package io.zeptodb.engine.store;

import org.jspecify.annotations.NullMarked;
