package io.zeptodb.jdbc.remote;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireOutput;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.calcite.avatica.remote.AvaticaHttpClient;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP connections of one JDBC connection to its server: one for what runs, and more while something is cancelled or fetched ahead. A request is sent
 * once: when its answer is lost nobody knows whether it ran, and to run it again could store rows twice. Thread-safe.
 */
public final class ServerTransport implements AvaticaHttpClient, AutoCloseable {
    /** As many as a program has threads for: what waits for a connection of the pool could be the cancellation that would free it. */
    private static final int MOST_CONNECTIONS = 1_000;

    /** The server closes sockets that are idle: one that was so for this long is looked at before it is used, which takes up to a millisecond. */
    private static final TimeValue UNTRUSTED_AFTER = TimeValue.ofMilliseconds(500);

    /** For a server that takes a connection and says nothing. */
    private static final int MILLIS_TO_OPEN = 30_000;

    private static final long MILLIS_FOR_ANSWERS = 1_000;
    private static final long NO_BODY = -1;
    private static final int MOST_MESSAGE_BYTES = Integer.MAX_VALUE - 16;
    private static final int MOST_SHOWN = 200;

    private final ServerAddress address;
    private final CloseableHttpClient client;
    /** What waits for its answer; its monitor also guards whether more may be sent. */
    private final Set<HttpPost> underWay = new HashSet<>();

    /** Whether only what ends the session is sent any more. Changed under the monitor. */
    private volatile boolean ending;

    private volatile int networkTimeoutMillis;
    private volatile long mostRequestBytes;
    /** Whether something of the server's has come: from then on a request may have been run whatever else is answered. */
    private volatile boolean heard;

    private volatile boolean broken;
    private volatile boolean closed;
    private volatile @Nullable String whyBroken;
    /** Whether the server has done anything that was asked for, since somebody began to look. */
    private volatile boolean accepted;

    private volatile Runnable lease = () -> {};

    public ServerTransport(ServerAddress address) {
        this.address = address;
        this.networkTimeoutMillis = address.responseTimeoutMillis();
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(MOST_CONNECTIONS)
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout(address.connectTimeoutMillis()))
                        .setValidateAfterInactivity(UNTRUSTED_AFTER)
                        .build());
        if (address.tls() != null) {
            connections.setTlsSocketStrategy(new DefaultClientTlsStrategy(address.tls()));
        }
        this.client = HttpClients.custom()
                .setConnectionManager(connections.build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableDefaultUserAgent()
                .build();
    }

    private static Timeout timeout(long millis) {
        return millis == 0 ? Timeout.DISABLED : Timeout.of(millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Most time that an answer may keep the caller waiting, from the next request on; 0 for no limit. One that takes longer breaks the connection, as JDBC says.
     */
    public void setNetworkTimeout(int millis) {
        networkTimeoutMillis = millis;
    }

    /** What the server says that it takes in one request: more than that is refused here, for it would hang up. 0 when it has not said it. */
    public void setMostRequestBytes(long bytes) {
        mostRequestBytes = bytes;
    }

    public int networkTimeoutMillis() {
        return networkTimeoutMillis;
    }

    /** Whether an answer was lost: nobody knows what the server did then. */
    public boolean isBroken() {
        return broken;
    }

    /** What was said when it broke; null as long as it has not. */
    public @Nullable String whyBroken() {
        return whyBroken;
    }

    /** Tells the server from now on that this connection's client lives, as often as this, until the transport is closed or broken, or nobody has it any more. */
    public void holdLease(String connection, long everyMillis) {
        lease = ConnectionLeases.hold(address, this, connection, everyMillis);
    }

    /** Whether requests are still sent. Takes no lock. */
    boolean isInUse() {
        return !closed && !ending && !broken;
    }

    /** Whether the server has taken the login of a request since {@link #forgetAccepted}. Takes no lock. */
    boolean wasAccepted() {
        return accepted;
    }

    void forgetAccepted() {
        accepted = false;
    }

    /** From here on the connection is lost, for this reason; the first one counts. */
    public void breaks(String why) {
        synchronized (underWay) {
            if (!broken) {
                whyBroken = why;
                broken = true;
            }
        }
        lease.run();
    }

    /** The server has no such connection any more; when this side ends it, that is what was asked for, and the answers of others are awaited still. */
    private void endedByServer(String why) {
        synchronized (underWay) {
            if (!ending) {
                breaks(why);
            }
        }
    }

    /** Whether something waits for its answer. */
    public boolean hasCallsUnderWay() {
        synchronized (underWay) {
            return !underWay.isEmpty();
        }
    }

    // ---- Avatica's messages

    /** What failed has an SQLException as its cause. */
    @Override
    public byte[] send(byte[] request) {
        return send(request, networkTimeoutMillis);
    }

    /** As {@link #send(byte[])}, given up after another time. */
    public byte[] send(byte[] request, int timeoutMillis) {
        Answer answer = post("", ContentType.APPLICATION_OCTET_STREAM, request, timeoutMillis);
        if (!isAvaticas(answer)) {
            throw new RemoteException(answeredByAnother(answer));
        }
        heard = true;
        return answer.body();
    }

    /** Whether it is a message of Avatica's: one that tells of success is read by who asked. */
    private boolean isAvaticas(Answer answer) {
        if (answer.status() == HttpStatus.SC_OK) {
            return true;
        }
        Service.ErrorResponse error = answer.status() == HttpStatus.SC_INTERNAL_SERVER_ERROR ? error(answer) : null;
        if (error != null && error.errorCode == Service.ErrorResponse.MISSING_CONNECTION_ERROR_CODE) {
            // the server has no such connection any more
            SQLException failure = SqlErrors.translate(error.toException());
            endedByServer(String.valueOf(failure.getMessage()));
        }
        return error != null;
    }

    /** An error in Avatica's words; null when it is something else. */
    private static Service.@Nullable ErrorResponse error(Answer answer) {
        try {
            return new ProtobufTranslationImpl().parseResponse(answer.body()) instanceof Service.ErrorResponse error
                    ? error
                    : null;
        } catch (IOException | RuntimeException e) {
            return null; // Avatica's parser stumbles over what is no message
        }
    }

    // ---- ours

    /** @throws RemoteException with what the server says, or what went wrong on the way */
    public WireBytes call(String path, Object head, byte[] payload) {
        return call(path, head, payload, networkTimeoutMillis);
    }

    /** As {@link #call(String, Object, byte[])}, given up after another time. */
    public WireBytes call(String path, Object head, byte[] payload, int timeoutMillis) {
        return taken(exchange(path, head, payload, timeoutMillis));
    }

    /** As {@link #call(String, Object, byte[])} of a message that is written already. */
    public WireBytes call(String path, WireOutput message) {
        ContentType type = ContentType.create(WireProtocol.MEDIA_TYPE);
        ByteArrayEntity entity = new ByteArrayEntity(message.array(), 0, message.size(), type);
        return taken(post(path.substring(1), entity, networkTimeoutMillis, false));
    }

    private WireBytes taken(Answer answer) {
        if (!answer.isOurs()) {
            throw new RemoteException(answeredByAnother(answer));
        }
        heard = true;
        WireBytes message = message(answer);
        if (answer.status() != HttpStatus.SC_OK) {
            WireMessages.Failure failure = head(message, WireMessages.Failure.class);
            // the server has no such connection any more
            if (failure.connectionEnded() || ErrorCode.CLOSED.name().equals(failure.code())) {
                endedByServer(String.valueOf(failure.message()));
            }
            throw RemoteException.of(failure);
        }
        return message;
    }

    /**
     * As {@link #call(String, Object, byte[])}; null when the server is one that does not know the protocol: one of ours that says so with 404, or one of Avatica's
     * that answers with an error message of its own, for it takes every path for its one. Whatever else answers is something between us and the server.
     */
    public @Nullable WireBytes callIfKnown(String path, Object head) {
        int login = (int) Math.min(TimeUnit.SECONDS.toMillis(DriverManager.getLoginTimeout()), Integer.MAX_VALUE);
        int most = login > 0 ? login : networkTimeoutMillis > 0 ? networkTimeoutMillis : MILLIS_TO_OPEN;
        Answer answer = exchange(path, head, new byte[0], most);
        boolean unknown = answer.isOurs()
                ? answer.status() == HttpStatus.SC_NOT_FOUND
                : answer.status() == HttpStatus.SC_INTERNAL_SERVER_ERROR && error(answer) != null;
        if (unknown) {
            return null;
        }
        boolean ofAnother = answer.status() == HttpStatus.SC_NOT_FOUND
                || answer.status() == HttpStatus.SC_METHOD_NOT_ALLOWED
                || answer.status() == HttpStatus.SC_INTERNAL_SERVER_ERROR;
        if (ofAnother && !answer.isOurs()) {
            throw new RemoteException(SqlErrors.of(
                    SqlErrors.CANNOT_CONNECT,
                    "no server of ZeptoDB answers at " + address.uri().resolve(path.substring(1))
                            + ": expected a message of its protocol or of Avatica's, got HTTP status " + answer.status()
                            + " with other words; check the address, let a proxy in between pass POST requests of all"
                            + " paths, or give result_format=rows where it passes only the first"));
        }
        return taken(answer);
    }

    /** The head of an answer. */
    public static <T> T head(WireBytes message, Class<T> kind) {
        try {
            return message.head(kind);
        } catch (IOException e) {
            throw new RemoteException(protocolError("an answer cannot be read: " + e.getMessage(), e));
        }
    }

    private static WireBytes message(Answer answer) {
        try {
            return WireBytes.read(answer.body());
        } catch (IOException e) {
            throw new RemoteException(protocolError("an answer cannot be read: " + e.getMessage(), e));
        }
    }

    private Answer exchange(String path, Object head, byte[] payload, int timeoutMillis) {
        return post(
                path.substring(1),
                ContentType.create(WireProtocol.MEDIA_TYPE),
                WireBytes.of(head, payload),
                timeoutMillis);
    }

    /** Sends a few words beside the protocols. @throws RemoteException when the server refuses them */
    public void tell(String path, String words, int timeoutMillis) {
        check(post(path, words(words), timeoutMillis, false));
    }

    private static HttpEntity words(String words) {
        return new ByteArrayEntity(words.getBytes(StandardCharsets.US_ASCII), ContentType.TEXT_PLAIN);
    }

    private void check(Answer answer) {
        if (answer.status() != HttpStatus.SC_NO_CONTENT) {
            throw new RemoteException(refused(answer));
        }
    }

    // ---- the end of the session

    /** From here on nothing is sent but what ends the session; the rest is refused (08003). */
    void beginEnd() {
        synchronized (underWay) {
            ending = true;
        }
        lease.run();
    }

    /** As {@link #tell}, also behind {@link #beginEnd}. */
    void tellAtEnd(String path, String words, int timeoutMillis) {
        check(post(path, words(words), timeoutMillis, true));
    }

    /** As {@link #send(byte[], int)}, also behind {@link #beginEnd}. */
    byte[] sendAtEnd(byte[] request, int timeoutMillis) {
        Answer answer =
                post("", new ByteArrayEntity(request, ContentType.APPLICATION_OCTET_STREAM), timeoutMillis, true);
        if (!isAvaticas(answer)) {
            throw new RemoteException(refused(answer)); // to end it twice does no harm
        }
        return answer.body();
    }

    /** A result whose bytes are not those that the server made: nothing else that comes through this connection can be believed. */
    public RemoteException brokenResult(IOException why) {
        String message = "the result that the server at " + address + " sends cannot be read: " + text(why)
                + "; the connection is closed, run the statement again on another one";
        breaks(message);
        return new RemoteException(SqlErrors.of(SqlErrors.CONNECTION_FAILURE, 0, message, why));
    }

    // ---- HTTP

    /**
     * What came back.
     *
     * @param isOurs whether it is a message of our protocol
     * @param asksForLogin whether it is a server of ours that wants to know who asks
     */
    private record Answer(int status, boolean isOurs, boolean asksForLogin, byte[] body) {
        /** Its words, or their beginning. */
        String shown() {
            String words = new String(body, StandardCharsets.UTF_8).strip();
            return words.length() > MOST_SHOWN ? words.substring(0, MOST_SHOWN) + " …" : words;
        }
    }

    private Answer post(String path, ContentType type, byte[] body, int timeoutMillis) {
        return post(path, new ByteArrayEntity(body, type), timeoutMillis, false);
    }

    /** @param ends whether it ends the session, and is sent when nothing else is */
    private Answer post(String path, HttpEntity body, int timeoutMillis, boolean ends) {
        checkLength(body.getContentLength());
        URI uri = address.uri().resolve(path);
        HttpPost request = new HttpPost(uri);
        request.setConfig(RequestConfig.custom()
                .setResponseTimeout(timeout(timeoutMillis))
                .setConnectionRequestTimeout(timeout(address.connectTimeoutMillis()))
                .setExpectContinueEnabled(false)
                .build());
        if (address.authorization() != null) {
            request.setHeader(HttpHeaders.AUTHORIZATION, address.authorization());
        }
        request.setEntity(body);
        begin(request, ends);
        // an interrupt cannot stop what the server does, and half a request is a connection lost: it is left for the
        // caller to see
        boolean interrupted = Thread.interrupted();
        try {
            Answer answer = client.execute(request, ServerTransport::read);
            if (answer.status() == HttpStatus.SC_OK) {
                accepted = true;
            }
            return answer;
        } catch (IOException e) {
            boolean opens = path.equals(WireProtocol.OPEN.substring(1));
            throw new RemoteException(opens ? cannotOpen(e, timeoutMillis) : failure(e, timeoutMillis));
        } catch (IllegalStateException e) {
            if (!closed) {
                throw e;
            }
            throw new RemoteException(failure(new IOException(e), timeoutMillis)); // its sockets are gone
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            synchronized (underWay) {
                underWay.remove(request);
                underWay.notifyAll();
            }
        }
    }

    private void begin(HttpPost request, boolean ends) {
        synchronized (underWay) {
            boolean taken = ends ? !closed : !closed && !ending && !broken;
            if (!taken) {
                // the server has ended the session, or will: what is sent now would be done in none that the caller
                // knows
                throw new RemoteException(
                        whyBroken == null
                                ? SqlErrors.closed("connection")
                                : SqlErrors.of(ErrorCode.CLOSED.sqlState(), "the connection is closed: " + whyBroken));
            }
            underWay.add(request);
        }
    }

    private void checkLength(long bytes) {
        long most = mostRequestBytes;
        if (most > 0 && bytes > most) {
            throw new RemoteException(SqlErrors.translate(new EngineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "a request of " + bytes + " bytes is longer than the " + most + " that the server at " + address
                            + " takes; send fewer rows or a shorter statement at once, or start the server with a larger"
                            + " --max-request")));
        }
    }

    private static Answer read(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        boolean asksForLogin = response.getCode() == HttpStatus.SC_UNAUTHORIZED
                && Arrays.stream(response.getHeaders(HttpHeaders.WWW_AUTHENTICATE))
                        .anyMatch(challenge -> challenge.getValue().contains(WireProtocol.REALM));
        if (entity == null) {
            return new Answer(response.getCode(), false, asksForLogin, new byte[0]);
        }
        boolean ours = WireProtocol.MEDIA_TYPE.equals(entity.getContentType());
        long length = entity.getContentLength();
        if (length > MOST_MESSAGE_BYTES) {
            EntityUtils.consumeQuietly(entity);
            throw new IOException("an answer of " + length + " bytes is too long");
        }
        try (InputStream in = entity.getContent()) {
            byte[] body = length == NO_BODY ? in.readAllBytes() : in.readNBytes((int) length);
            if (length != NO_BODY && body.length < length) {
                throw new IOException("the answer ends after " + body.length + " of " + length + " bytes");
            }
            return new Answer(response.getCode(), ours, asksForLogin, body);
        }
    }

    /** Of the first request, before which nothing was asked for: whoever does not speak as expected is no server of ours. */
    private SQLException cannotOpen(IOException failure, int timeoutMillis) {
        SQLException told = failure(failure, timeoutMillis);
        if (failure instanceof SocketTimeoutException || told.getSQLState().equals(SqlErrors.CANNOT_CONNECT)) {
            return told;
        }
        String expected = address.tls() == null
                ? "HTTP without TLS: if the server has TLS, give tls=true"
                : "TLS: if the server has none, leave tls=true out";
        return SqlErrors.of(
                SqlErrors.CANNOT_CONNECT,
                0,
                "no answer of a server comes from " + address + " (" + text(failure) + "); it was asked by " + expected,
                failure);
    }

    private SQLException failure(IOException failure, int timeoutMillis) {
        if (failure instanceof ConnectException
                || failure instanceof ConnectTimeoutException
                || failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException) {
            return SqlErrors.of(
                    SqlErrors.CANNOT_CONNECT, 0, "no server answers at " + address + ": " + text(failure), failure);
        }
        if (failure instanceof SSLHandshakeException || failure instanceof SSLPeerUnverifiedException) {
            return SqlErrors.of(
                    SqlErrors.CANNOT_CONNECT, 0, "no secure connection to " + address + ": " + text(failure), failure);
        }
        String message = closed
                ? "the connection to the server at " + address + " was closed by another thread before this request was"
                        + " answered: nobody knows whether it was done"
                : failure instanceof SocketTimeoutException
                        ? "the server at " + address + " did not answer within the network time-out of " + timeoutMillis
                                + " ms; the connection is closed"
                        : "the connection to the server at " + address + " is lost (" + text(failure)
                                + "): nobody knows whether the request was done; open another connection, and look before a"
                                + " change is made again";
        breaks(message);
        return SqlErrors.of(SqlErrors.CONNECTION_FAILURE, 0, message, failure);
    }

    private static String text(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static SQLException protocolError(String why, @Nullable Throwable cause) {
        return SqlErrors.of(SqlErrors.PROTOCOL_VIOLATION, 0, why, cause);
    }

    /** What an answer that is none of the server's means for a request that may change something: a proxy gives it also when the server has done all. */
    private SQLException answeredByAnother(Answer answer) {
        if (!heard || answer.asksForLogin()) {
            return refused(answer); // nothing was asked for yet, or the server has run nothing
        }
        String message = "the answer of the server at " + address
                + " is lost, for something between here and there gave its own (HTTP status " + answer.status() + ": "
                + answer.shown() + "): nobody knows whether the request was done; open another connection, and look"
                + " before a change is made again";
        breaks(message);
        return SqlErrors.of(SqlErrors.CONNECTION_FAILURE, message);
    }

    /** What an answer without a message of ours means for a request that changes nothing. */
    private SQLException refused(Answer answer) {
        String shown = answer.shown();
        return switch (answer.status()) {
            case HttpStatus.SC_UNAUTHORIZED ->
                SqlErrors.of(
                        SqlErrors.LOGIN_REFUSED,
                        address.authorization() == null
                                ? "the server at " + address
                                        + " wants to know who asks: give user and password, or a token"
                                : "the server at " + address + " refused the login: no such user, or a wrong password");
            case HttpStatus.SC_TOO_MANY_REQUESTS ->
                SqlErrors.of(
                        ErrorCode.TOO_MANY_OPEN.sqlState(),
                        "the server at " + address + " takes no login now (HTTP status 429): " + shown);
            case HttpStatus.SC_SERVICE_UNAVAILABLE ->
                SqlErrors.of(
                        SqlErrors.CANNOT_CONNECT,
                        "the server at " + address + " does not take the request now (HTTP status 503: " + shown
                                + "): try again later; if it goes on, its log says why");
            default ->
                protocolError(
                        "the server at " + address + " answered with HTTP status " + answer.status() + ": " + shown,
                        null);
        };
    }

    /** Ends the HTTP connections. Answers that are on their way have a moment to come, the others are not waited for. */
    @Override
    public void close() {
        beginEnd();
        if (!broken) {
            awaitAnswers();
        }
        closeNow();
    }

    /** Ends the HTTP connections without a word to the server. Whoever waits for it gets 08006 at once, and nothing more is sent (08003). Waits for nothing. */
    public void abort() {
        breaks("it was aborted");
        closeNow();
    }

    private void closeNow() {
        List<HttpPost> left;
        synchronized (underWay) {
            closed = true;
            left = List.copyOf(underWay);
        }
        left.forEach(HttpPost::cancel); // the sockets of those that are just being opened are not known to the client
        client.close(CloseMode.IMMEDIATE);
    }

    private void awaitAnswers() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS_FOR_ANSWERS);
        try {
            synchronized (underWay) {
                for (long left = end - System.nanoTime();
                        !underWay.isEmpty() && left > 0;
                        left = end - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(underWay, left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
