package io.zeptodb.jdbc.wire;

import java.util.List;
import java.util.Optional;

/**
 * Versions and addresses of the protocol. A client says which versions it speaks when it opens a connection, the server takes the highest that both have. Without
 * one in common, or when the server has no such address, the client goes on with Avatica's protocol alone.
 */
public final class WireProtocol {
    /** The versions that this build speaks. */
    public static final List<Integer> VERSIONS = List.of(1);

    /** What all addresses begin with. */
    public static final String PREFIX = "/zepto/";
    /** {@link WireMessages.Open} to {@link WireMessages.Opened}: the same in all versions. */
    public static final String OPEN = PREFIX + "open";
    /** {@link WireMessages.Execute} to {@link WireMessages.Executed}. */
    public static final String EXECUTE = PREFIX + "1/execute";
    /** {@link WireMessages.Fetch} to {@link WireMessages.Fetched}. */
    public static final String FETCH = PREFIX + "1/fetch";
    /** {@link WireMessages.Describe} to {@link WireMessages.Described}. */
    public static final String DESCRIBE = PREFIX + "1/describe";
    /** {@link WireMessages.Batch} to {@link WireMessages.BatchDone}. */
    public static final String BATCH = PREFIX + "1/batch";
    /** {@link WireMessages.Discard} to {@link WireMessages.Done}: stops the making of a result and frees it. */
    public static final String DISCARD = PREFIX + "1/discard";
    /** {@link WireMessages.Ping} to {@link WireMessages.Done}. */
    public static final String PING = PREFIX + "1/ping";
    /** {@link WireMessages.Lease} to {@link WireMessages.Done}. */
    public static final String LEASE = PREFIX + "1/lease";

    /** Connections that one {@link WireMessages.Lease} names at most. */
    public static final int MOST_LEASES = 1_000;
    /** Bytes that it has at most: as many ids of their greatest length. */
    public static final int MOST_LEASE_BYTES = 128 << 10;

    /** The media type of all messages. */
    public static final String MEDIA_TYPE = "application/vnd.zeptodb.wire";

    /** What the challenges of a server of ours name, which wants to know who asks: those of a proxy name something else. */
    public static final String REALM = "realm=\"ZeptoDB\"";

    private WireProtocol() {}

    /** The highest version that both sides speak. */
    public static Optional<Integer> agree(List<Integer> ours, List<Integer> theirs) {
        return ours.stream().filter(theirs::contains).max(Integer::compare);
    }
}
