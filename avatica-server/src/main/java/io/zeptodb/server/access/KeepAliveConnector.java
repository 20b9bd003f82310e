package io.zeptodb.server.access;

import java.net.Socket;
import java.net.SocketException;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes sockets whose other end the operating system asks now and then whether it is still there: a machine that loses its power says nothing. */
final class KeepAliveConnector extends ServerConnector {
    private static final Logger LOG = LoggerFactory.getLogger(KeepAliveConnector.class);

    KeepAliveConnector(Server server, int threads, ConnectionFactory... factories) {
        super(server, threads, threads, factories);
    }

    @Override
    protected void configure(Socket socket) {
        super.configure(socket);
        try {
            socket.setKeepAlive(true);
        } catch (SocketException e) {
            LOG.debug("a socket is closed already", e);
        }
    }
}
