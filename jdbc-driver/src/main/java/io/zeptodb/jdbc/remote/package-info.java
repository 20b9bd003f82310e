/**
 * The client's side of a connection to a server: its HTTP transport, and the rows that come through it. {@link io.zeptodb.jdbc.remote.ServerTransport} sends
 * Avatica's messages and those of {@code wire}, {@link io.zeptodb.jdbc.remote.FetchedStream} asks for the pieces of a result as its reader needs them. What a
 * statement or a connection is in JDBC is not here.
 */
@NullMarked
package io.zeptodb.jdbc.remote;

import org.jspecify.annotations.NullMarked;
