package io.zeptodb.server.access;

import io.zeptodb.engine.api.UserRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * From where a server can be reached, and by whom. Off the loopback address it starts only when it is told who may come in ({@code users}, {@code anonymous})
 * and how nobody listens ({@code tls}, or {@code insecure} where something else sees to that). Immutable.
 *
 * @param host the address to listen on; null for the loopback address
 * @param users the file of users; null when there are none
 * @param anonymous what those may do who give no name; null refuses them, unless there are no users
 * @param insecure whether passwords and rows may go over a network as they are
 * @param tls null speaks plain HTTP
 * @param limits of users who have none of their own
 * @param socketsOfAddress most sockets that one address may have open, off the loopback address; 0 is no limit
 */
public record ServerAccess(
        @Nullable String host,
        @Nullable Path users,
        @Nullable UserRole anonymous,
        boolean insecure,
        @Nullable TlsFiles tls,
        UserLimits limits,
        int socketsOfAddress) {
    /** A quarter of what a server takes of all. */
    static final int SOCKETS_OF_ADDRESS = 500;

    private static final long CERTIFICATE_CHECK_SECONDS = 10;

    /** On the loopback address, for everybody who is there. */
    public static final ServerAccess LOCAL = new ServerAccess(null, null, null, false, null, UserLimits.DEFAULT);

    /** With the usual limit of sockets of an address. */
    public ServerAccess(
            @Nullable String host,
            @Nullable Path users,
            @Nullable UserRole anonymous,
            boolean insecure,
            @Nullable TlsFiles tls,
            UserLimits limits) {
        this(host, users, anonymous, insecure, tls, limits, SOCKETS_OF_ADDRESS);
    }

    /**
     * Refuses what would let anybody in.
     *
     * @throws IllegalArgumentException saying what is missing
     * @throws IOException when there is no such address
     */
    public void check() throws IOException {
        if (isLoopback()) {
            return;
        }
        if (users == null && anonymous == null) {
            throw new IllegalArgumentException(
                    "a server on '" + host + "' can be reached by others: say who may come in"
                            + " with --users FILE (zepto user add makes one), or let everybody in with --anonymous ROLE");
        }
        if (tls == null && !insecure) {
            throw new IllegalArgumentException("a server on '" + host + "' can be reached by others: passwords and rows"
                    + " would go over the network as they are; give --tls-cert and --tls-key, or --insecure if something"
                    + " else encrypts the connections");
        }
    }

    private InetAddress address() throws IOException {
        try {
            return host == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("there is no address '" + host + "' to listen on", e);
        }
    }

    /** A name of this machine for clients: to all its addresses nobody can connect, and no certificate is of them. */
    public String nameForClients() {
        if (host == null) {
            return "localhost";
        }
        try {
            return InetAddress.getByName(host).isAnyLocalAddress()
                    ? InetAddress.getLocalHost().getHostName()
                    : host;
        } catch (UnknownHostException e) {
            return "localhost"; // it has no name
        }
    }

    private boolean isLoopback() throws IOException {
        return address().isLoopbackAddress();
    }

    /**
     * What every request comes through on its way to the handler.
     *
     * @param refused is told of each login that is refused
     * @throws IOException when the file of users cannot be used
     */
    public Handler guard(Handler endpoint, Runnable refused) throws IOException {
        AccessHandler guard = new AccessHandler(
                users == null ? null : new Authenticator(Users.of(users), limits),
                users == null && anonymous == null
                        ? Principal.everybody(limits.equals(UserLimits.DEFAULT) ? UserLimits.NONE : limits)
                        : anonymous == null ? null : Principal.anonymous(anonymous, limits),
                users == null && isLoopback(),
                refused);
        guard.setHandler(endpoint);
        return guard;
    }

    /**
     * Where the server listens.
     *
     * @param sweeper looks now and then whether certificates have changed
     * @throws IOException naming the file that cannot be used
     */
    public ServerConnector connector(
            Server server, HttpConfiguration configuration, int threads, ScheduledExecutorService sweeper)
            throws IOException {
        ServerConnector connector;
        if (tls == null) {
            connector = new KeepAliveConnector(server, threads, new HttpConnectionFactory(configuration));
        } else {
            TlsConnector secure = new TlsConnector(tls);
            // without a check of the name: clients come by addresses and by names of proxies as well
            configuration.addCustomizer(new SecureRequestCustomizer(false));
            connector = new KeepAliveConnector(
                    server,
                    threads,
                    new SslConnectionFactory(secure.context(), "http/1.1"),
                    new HttpConnectionFactory(configuration));
            var checking = sweeper.scheduleWithFixedDelay(
                    secure::reloadIfChanged, CERTIFICATE_CHECK_SECONDS, CERTIFICATE_CHECK_SECONDS, TimeUnit.SECONDS);
            if (checking.isCancelled()) {
                throw new IllegalStateException("the sweeper was stopped before it began");
            }
        }
        if (socketsOfAddress > 0 && !isLoopback()) {
            connector.addBean(new AddressLimit(socketsOfAddress));
        }
        connector.setHost(address().getHostAddress());
        return connector;
    }
}
