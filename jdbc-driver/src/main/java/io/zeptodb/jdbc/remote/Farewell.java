package io.zeptodb.jdbc.remote;

import io.zeptodb.jdbc.value.SqlErrors;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.RemoteProtobufService;
import org.apache.calcite.avatica.remote.Service;

/** Tells a server that a session ends: its statements and results are freed, its transaction is rolled back. Stateless and thread-safe. */
public final class Farewell {
    /** Where statements are stopped, below the server's address: one by the ids of connection and statement, all of a connection by its id alone. */
    public static final String STOP = "cancel";

    private static final int MOST_MILLIS = 10_000;
    private static final int MOST_MILLIS_LATER = 5_000;

    private Farewell() {}

    /**
     * Over the connection's own sockets, which carry nothing else from here on. What runs is stopped first: it could have the thread that the server needs to
     * end the session. Waits for the answer, for ten seconds or the network time-out, whichever is shorter.
     *
     * @throws RuntimeException with an SQLException as its cause: of its connection when no answer came
     */
    public static void say(ServerTransport transport, String connection) {
        int network = transport.networkTimeoutMillis();
        transport.beginEnd();
        say(
                transport,
                connection,
                transport.hasCallsUnderWay(),
                network > 0 ? Math.min(network, MOST_MILLIS) : MOST_MILLIS);
    }

    private static void say(ServerTransport transport, String connection, boolean stops, int mostMillis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(mostMillis);
        if (stops) {
            try {
                transport.tellAtEnd(STOP, connection, mostMillis);
            } catch (RuntimeException e) {
                boolean refused =
                        SqlErrors.LOGIN_REFUSED.equals(SqlErrors.translate(e).getSQLState());
                if (refused || transport.isBroken()) {
                    throw e;
                }
                // a server that cannot stop them closes them nevertheless
            }
        }
        int left = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
        new RemoteProtobufService(request -> transport.sendAtEnd(request, left), new ProtobufTranslationImpl())
                .apply(new Service.CloseConnectionRequest(connection));
    }

    /**
     * Over sockets of its own, by a thread of its own, for a session whose connection is lost or aborted. Tried once and for a few seconds: nobody waits for it, and
     * a server that does not hear it ends the session by itself when nothing was asked of it for too long.
     */
    public static void sayLater(ServerAddress address, String connection) {
        Later.THREADS.execute(() -> {
            ServerTransport transport = new ServerTransport(address.withTimeouts(MOST_MILLIS_LATER));
            try (transport) {
                say(transport, connection, true, MOST_MILLIS_LATER);
            } catch (RuntimeException e) {
                return; // the server is gone, silent, or has ended the session
            }
        });
    }

    /** They end when they have nothing to do, and never keep the JVM alive. */
    private static final class Later {
        private static final int MOST_THREADS = 2;
        private static final int MOST_WAITING = 1_000;
        private static final long IDLE_SECONDS = 10;
        private static final Executor THREADS = threads();

        private static Executor threads() {
            ThreadPoolExecutor threads = new ThreadPoolExecutor(
                    MOST_THREADS,
                    MOST_THREADS,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(MOST_WAITING),
                    Later::thread,
                    new ThreadPoolExecutor.DiscardPolicy());
            threads.allowCoreThreadTimeOut(true);
            return threads;
        }

        private static Thread thread(Runnable work) {
            Thread thread = new Thread(null, work, "zepto-jdbc-farewell", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(Farewell.class.getClassLoader()); // not that of who happens to close
            return thread;
        }
    }
}
