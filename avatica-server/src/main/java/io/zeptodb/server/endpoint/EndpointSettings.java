package io.zeptodb.server.endpoint;

import java.util.List;

/**
 * What an endpoint speaks, and how much of it.
 *
 * @param versions of our own protocol
 * @param room for requests
 * @param patience with clients
 * @param statementThreads requests that run at the same time; more wait
 */
public record EndpointSettings(
        List<Integer> versions, RequestRoom room, ClientPatience patience, int statementThreads) {
    /** Threads of a server that is not told otherwise. */
    public static final int STATEMENT_THREADS = 256;
}
