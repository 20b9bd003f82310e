/**
 * Which tables there are: {@link io.zeptodb.engine.catalog.Catalog} is an immutable map with a version, {@link
 * io.zeptodb.engine.catalog.TableMetadata} one entry; {@link io.zeptodb.engine.catalog.SegmentMetadata} is what is known of a sealed segment
 * without opening its file. The rows themselves live in partition.
 */
@NullMarked
package io.zeptodb.engine.catalog;

import org.jspecify.annotations.NullMarked;
