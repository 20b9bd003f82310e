package io.zeptodb.jdbc;

import io.zeptodb.jdbc.meta.EngineMeta;
import io.zeptodb.jdbc.remote.ServerTransport;

/** What a connection is open to. */
sealed interface ConnectionTarget {
    /** A session of an engine in this process, and the hold on its database. */
    record InProcess(SharedDatabases.Lease lease, EngineMeta meta) implements ConnectionTarget {}

    /** A server. */
    record Server(RemoteSettings settings, ServerTransport transport) implements ConnectionTarget {}
}
