package io.zeptodb.jdbc.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of the thread that sends leases. */
@Timeout(120)
class ConnectionLeasesTest {
    private static final long HOUR = 3_600_000;
    private static final long OFTEN = 10;

    /** An installation from which classes are missing. */
    private static final class Damaged extends SSLContextSpi {
        private final AtomicInteger asked = new AtomicInteger();

        private Error missing() {
            asked.incrementAndGet();
            return new NoClassDefFoundError("a class of the test");
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys, TrustManager @Nullable [] trusted, @Nullable SecureRandom random)
                throws KeyManagementException {
            throw missing();
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw missing();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw missing();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            throw missing();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            throw missing();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw missing();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            throw missing();
        }
    }

    private static ServerAddress address(String scheme, int port, @Nullable SSLContext tls) {
        return new ServerAddress(URI.create(scheme + "://localhost:" + port + "/"), null, tls, List.of(), 0, 0);
    }

    private static long threads(int port) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("zepto-leases-localhost:" + port))
                .count();
    }

    private static void endsWith(int port, Consumer<ServerTransport> end) throws InterruptedException {
        ServerAddress address = address("http", port, null);
        ServerTransport first = new ServerTransport(address);
        ServerTransport second = new ServerTransport(address);
        first.holdLease("first", HOUR);
        second.holdLease("second", HOUR);
        assertThat(threads(port)).isEqualTo(1);
        end.accept(first);
        assertThat(threads(port)).isEqualTo(1);
        end.accept(second);
        while (threads(port) > 0) { // within the test's time, not at the next interval
            Thread.sleep(5);
        }
        first.close();
        second.close();
    }

    /** Nothing is sent: the ports have no server. */
    @Test
    void theThreadEndsWithTheLastConnection() throws InterruptedException {
        endsWith(1, ServerTransport::close);
        endsWith(2, ServerTransport::abort);
        endsWith(3, transport -> transport.breaks("of a test"));
        endsWith(4, ServerTransport::beginEnd);
    }

    @Test
    void theThreadSurvivesWhatIsWrongWithTheInstallation() throws Exception {
        Damaged damaged = new Damaged();
        SSLContext tls = new SSLContext(damaged, null, "damaged") {};
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            int port = listening.getLocalPort();
            try (ServerTransport connection = new ServerTransport(address("https", port, tls))) {
                connection.holdLease("one", OFTEN);
                while (damaged.asked.get() < 3) {
                    Thread.sleep(5);
                }
                assertThat(threads(port)).isEqualTo(1);
                assertThat(connection.isInUse()).isTrue();
            }
            while (threads(port) > 0) {
                Thread.sleep(5);
            }
        }
    }
}
