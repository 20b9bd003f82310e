/**
 * What answers over HTTP: Avatica's protocol, as protobuf and as JSON, and the cancellation that it lacks.
 *
 * <p>{@link io.zeptodb.server.endpoint.AvaticaEndpoint} takes a request apart and lets Avatica's handlers answer it; they call {@link
 * io.zeptodb.server.endpoint.ServedConnections}, which keeps one session of the engine for each connection of a client. Starting and
 * stopping is {@link io.zeptodb.server.ZeptoServer}'s.
 */
@NullMarked
package io.zeptodb.server.endpoint;

import org.jspecify.annotations.NullMarked;
