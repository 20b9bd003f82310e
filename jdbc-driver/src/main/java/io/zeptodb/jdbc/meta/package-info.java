/**
 * Avatica's {@code Meta} over one engine session: what a server answers with, and what a connection in the process asks for its metadata.
 *
 * <p>{@link io.zeptodb.jdbc.meta.EngineMeta} keeps the statements of a connection and serves their rows in frames; {@link
 * io.zeptodb.jdbc.meta.WireFormat} says in which form values travel; {@link io.zeptodb.jdbc.meta.FrameCursor} makes Arrow batches of
 * frames again, on the client's side; {@link io.zeptodb.jdbc.meta.CatalogRows} gives the rows of {@code DatabaseMetaData}. Connections,
 * URLs and transport are not here. Start at {@link io.zeptodb.jdbc.meta.EngineMeta}.
 */
@NullMarked
package io.zeptodb.jdbc.meta;

import org.jspecify.annotations.NullMarked;
