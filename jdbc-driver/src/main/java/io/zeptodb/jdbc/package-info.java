/**
 * The JDBC driver, built on Avatica's driver framework over one engine session, in process ({@code jdbc:zepto:}) and against a
 * server ({@code jdbc:zepto://host:port/}).
 *
 * <p>What a driver needs lives here: URLs and options, connections, statements, result sets with typed accessors over Arrow
 * batches, metadata. SQL is not understood here; that is the engine's.
 */
@NullMarked
package io.zeptodb.jdbc;

import org.jspecify.annotations.NullMarked;
