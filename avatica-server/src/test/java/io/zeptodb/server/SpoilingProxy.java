package io.zeptodb.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands between clients and a server, passes on their requests, and does with the answers what a test wants. */
final class SpoilingProxy implements AutoCloseable {
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern LENGTH =
            Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)\r\n"); // neither side sends chunks

    /** Looks at a request before the server gets it. Any thread. */
    interface Gate {
        void pass(String path, String request) throws IOException;
    }

    /** Decides what comes back. Any thread. */
    interface Spoiler {
        /** An answer that passes as it is, in the same array; anything else is sent in its place and the connection closed behind it. */
        byte[] answer(Exchange exchange) throws IOException;
    }

    /**
     * A request that the server has done. Both messages with their heads.
     *
     * @param path of the request
     */
    record Exchange(String path, byte[] request, byte[] answer) {
        /** Where the answer's body begins. */
        int bodyAt() {
            return headLength(answer);
        }

        boolean asksFor(String words) {
            return new String(request, StandardCharsets.ISO_8859_1).contains(words);
        }
    }

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Spoiler spoiler = Exchange::answer;
    private volatile Gate gate = (path, request) -> {};
    private final Semaphore unheard = new Semaphore(0);
    private volatile boolean silent;

    SpoilingProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        start(this::accept);
    }

    /** From the next answer on. */
    void spoil(Spoiler now) {
        spoiler = now;
    }

    /** From the next request on. */
    void hold(Gate now) {
        gate = now;
    }

    /** As a server that is stopped: connections and requests are taken from here on, and neither passed on nor answered. */
    void fallSilent() {
        silent = true;
    }

    /** As a server that goes on: what it took while it was silent stays unheard. */
    void speakAgain() {
        silent = false;
    }

    /** Waits until so many requests have come, since the last call, to the silent server. */
    void awaitUnheard(int requests) throws InterruptedException {
        unheard.acquire(requests);
    }

    /** How many requests came to the silent server that nobody has awaited. */
    int unheard() {
        return unheard.availablePermits();
    }

    String jdbcUrl() {
        return "jdbc:zepto://localhost:" + listening.getLocalPort() + "/";
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "spoiling-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                sockets.add(client);
                start(() -> serve(client));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            sockets.add(server);
            while (true) {
                byte[] request = message(client.getInputStream());
                if (request.length == 0) {
                    return;
                }
                if (silent) {
                    unheard.release();
                    client.getInputStream().transferTo(OutputStream.nullOutputStream()); // until the client hangs up
                    return;
                }
                String text = new String(request, StandardCharsets.ISO_8859_1);
                String path = text.split(" ", 3)[1];
                gate.pass(path, text);
                server.getOutputStream().write(request);
                byte[] answer = message(server.getInputStream());
                byte[] sent = spoiler.answer(new Exchange(path, request, answer));
                client.getOutputStream().write(sent);
                if (sent != answer) {
                    return;
                }
            }
        } catch (IOException e) {
            return; // one of both has hung up
        }
    }

    /** Head and body; empty at the end. */
    private static byte[] message(InputStream in) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < END_OF_HEAD.length) {
            int next = in.read();
            if (next < 0) {
                return new byte[0];
            }
            message.write(next);
            ends = next == END_OF_HEAD[ends] ? ends + 1 : next == END_OF_HEAD[0] ? 1 : 0;
        }
        Matcher length = LENGTH.matcher(message.toString(StandardCharsets.ISO_8859_1));
        if (length.find()) {
            message.write(in.readNBytes(Integer.parseInt(length.group(1))));
        }
        return message.toByteArray();
    }

    private static int headLength(byte[] message) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        return text.indexOf("\r\n\r\n") + END_OF_HEAD.length;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
