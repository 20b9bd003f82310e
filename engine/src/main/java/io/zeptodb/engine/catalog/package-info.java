/**
 * Which tables there are, and what a database folder holds: {@link io.zeptodb.engine.catalog.Catalog} is an immutable map with a version, {@link
 * io.zeptodb.engine.catalog.TableMetadata} one entry, {@link io.zeptodb.engine.catalog.SchemaChange} what ALTER TABLE does to one; {@link
 * io.zeptodb.engine.catalog.SegmentMetadata} is what is known of a sealed segment without opening its file. {@link
 * io.zeptodb.engine.catalog.Manifest} is the root of a folder, {@link io.zeptodb.engine.catalog.ManifestFile} its file, with the layout; {@link
 * io.zeptodb.engine.catalog.TableEncoding} and {@link io.zeptodb.engine.catalog.SegmentEncoding} are the layouts of its parts. The rows themselves live
 * in partition.
 *
 * <p>The file {@code manifest} is some frames of {@link io.zeptodb.engine.store.Frame}, as many as it takes; a file of another version is refused. Which rows
 * of a segment are deleted is not in it but in a file {@code del-<segment>-<generation>.rows} beside it (layout: {@code tier}), which it names.
 */
@NullMarked
package io.zeptodb.engine.catalog;

import org.jspecify.annotations.NullMarked;
