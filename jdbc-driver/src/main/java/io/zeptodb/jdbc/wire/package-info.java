/**
 * The protocol between our driver and our server, beside Avatica's at the same port: results as Arrow IPC streams in pieces that the client asks for, batches of
 * parameters as Arrow, time-outs that the server keeps. What it does not have, such as metadata and transactions, goes through Avatica's.
 *
 * <p>Each message is an HTTP POST to a path of {@link io.zeptodb.jdbc.wire.WireProtocol}. Its body and its answer have this layout:
 *
 * <pre>
 * bytes 0 to 3     length of the head, little-endian
 * head             JSON in UTF-8: one of {@link io.zeptodb.jdbc.wire.WireMessages}
 * rest             the payload: the bytes that the head speaks of
 * </pre>
 *
 * <p>An answer with another status than 200 has the head {@link io.zeptodb.jdbc.wire.WireMessages.Failure}. A head may have fields that its reader does not know:
 * they are passed over, so that fields can be added without a new version. Both sides use these classes; transport is not here: {@code remote} is the client's, the
 * server has its own. Start at {@link io.zeptodb.jdbc.wire.WireProtocol}.
 */
@NullMarked
package io.zeptodb.jdbc.wire;

import org.jspecify.annotations.NullMarked;
