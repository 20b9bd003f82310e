package io.zeptodb.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.jdbc.tls.TlsIdentity;
import io.zeptodb.server.access.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory of an answer is let go of when nothing is written from it any more, however the writing ends: what is freed is filled with poison here. */
@Timeout(120)
class PieceWriterTest {
    private static final byte GOOD = 0x11;
    private static final byte POISON = (byte) 0xDD;
    private static final int PARTS = 6;
    private static final int PART_BYTES = 1 << 20;
    private static final long IDLE_MILLIS = 200;
    private static final int CLIENTS = 12;

    @TempDir
    private Path folder;

    private final Server http = new Server();
    private final Map<String, CountDownLatch> freed = new ConcurrentHashMap<>();
    private ServerConnector connector;
    private Path certificate;

    private void start(boolean tls) throws Exception {
        if (tls) {
            TestCertificates authority = TestCertificates.authority(folder, "authority");
            certificate = authority.issue("server");
            SslContextFactory.Server context = new SslContextFactory.Server();
            context.setKeyStore(TlsIdentity.keyStore(certificate, authority.key("server"), null));
            context.setKeyStorePassword("");
            context.setSniRequired(false);
            HttpConnectionFactory plain = new HttpConnectionFactory();
            connector = new ServerConnector(http, 1, 1, new SslConnectionFactory(context, "http/1.1"), plain);
        } else {
            connector = new ServerConnector(http, 1, 1);
        }
        connector.setHost("localhost");
        http.addConnector(connector);
        http.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                answer(request, response, callback);
                return true;
            }
        });
        http.start();
    }

    private void answer(Request request, Response response, Callback callback) {
        request.getConnectionMetaData().getConnection().getEndPoint().setIdleTimeout(IDLE_MILLIS);
        List<ByteBuffer> parts = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            ByteBuffer part = ByteBuffer.allocateDirect(PART_BYTES);
            fill(part, GOOD);
            parts.add(part);
        }
        List<ByteBuffer> sent = parts.stream().map(ByteBuffer::duplicate).toList();
        CountDownLatch done = freed.get(Request.getPathInContext(request));
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, (long) PARTS * PART_BYTES);
        AutoCloseable memory = () -> {
            parts.forEach(part -> fill(part, POISON));
            done.countDown();
        };
        new PieceWriter(response, sent, memory, callback).iterate();
    }

    private static void fill(ByteBuffer buffer, byte value) {
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, value);
        }
    }

    @AfterEach
    void stop() throws Exception {
        http.stop();
    }

    private Socket ask(int client) throws Exception {
        String path = "/" + client;
        freed.put(path, new CountDownLatch(1));
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("localhost", connector.getLocalPort()));
        if (certificate != null) {
            socket = TlsIdentity.context(certificate, null, null, null)
                    .getSocketFactory()
                    .createSocket(socket, "localhost", connector.getLocalPort(), true);
        }
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        for (int newlines = 0; newlines < 4; ) {
            int next = in.read();
            if (next < 0) {
                break; // it was given up before it began
            }
            newlines = next == '\r' || next == '\n' ? newlines + 1 : 0;
        }
        return socket;
    }

    /** What is left of the body, in which nothing but good bytes are; with a rest now and then if there is someone who says for how long. */
    private static long readGood(Socket socket, Random rests) throws Exception {
        byte[] bytes = new byte[1 << 16];
        long count = 0;
        try {
            InputStream in = socket.getInputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                for (int i = 0; i < read; i++) {
                    if (bytes[i] != GOOD) {
                        throw new AssertionError("byte " + (count + i) + " is " + bytes[i]);
                    }
                }
                count += read;
                if (rests != null && rests.nextInt(100) == 0) {
                    Thread.sleep(IDLE_MILLIS - 10 + rests.nextInt(20)); // about when the server gives up
                }
            }
        } catch (IOException e) {
            return count; // it hung up without an end
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAClientReadsAfterATimeOutIsWhatWasSent(boolean tls) throws Exception {
        start(tls);
        List<Socket> sockets = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            sockets.add(ask(client));
        }
        long most = 0;
        for (int client = 0; client < CLIENTS; client++) {
            // nobody reads: the server gives up, and frees the memory while its answer stands in the sockets
            assertThat(freed.get("/" + client).await(60, TimeUnit.SECONDS)).isTrue();
            try (Socket socket = sockets.get(client)) {
                most = Math.max(most, readGood(socket, null));
            }
        }
        assertThat(most).isBetween(1L, (long) PARTS * PART_BYTES - 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTimeOutInTheMiddleOfAWriteWaitsForIt(boolean tls) throws Exception {
        start(tls);
        Random random = new Random(7);
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            Socket socket = ask(client);
            Random rests = new Random(random.nextLong());
            threads.add(new Thread(() -> {
                try (socket) {
                    readGood(socket, rests);
                } catch (Throwable e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            }));
            threads.get(client).start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        for (CountDownLatch latch : freed.values()) {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientThatResetsItsSocketFreesTheMemory(boolean tls) throws Exception {
        start(tls);
        for (int client = 0; client < CLIENTS; client++) {
            Socket socket = ask(client);
            try {
                socket.setSoLinger(true, 0);
            } catch (SocketException e) {
                assertThat(socket.isClosed()).isFalse(); // reset by the server already
            }
            socket.close();
        }
        for (CountDownLatch latch : freed.values()) {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
