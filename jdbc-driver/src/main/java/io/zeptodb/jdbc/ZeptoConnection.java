package io.zeptodb.jdbc;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineOption;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.Warning;
import io.zeptodb.jdbc.append.Appender;
import io.zeptodb.jdbc.append.AppendingConnection;
import io.zeptodb.jdbc.meta.EngineMeta;
import io.zeptodb.jdbc.meta.ProductInfo;
import io.zeptodb.jdbc.meta.WireFormat;
import io.zeptodb.jdbc.remote.ServerAddress;
import io.zeptodb.jdbc.remote.ServerTransport;
import io.zeptodb.jdbc.remote.TransportService;
import io.zeptodb.jdbc.value.JdbcTypes;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.value.SqlState;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TimeZone;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.calcite.avatica.AvaticaFactory;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.UnregisteredDriver;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.RemoteProtobufService;
import org.apache.calcite.avatica.remote.Service;
import org.jspecify.annotations.Nullable;

/**
 * A connection: one session of an engine in this process, or one on a server. Closing it rolls an open transaction back. Any number of threads: their
 * statements begin one after the other ({@link ConnectionLock}), their rows are read at once, and any of them may cancel and close.
 */
final class ZeptoConnection extends LimitedConnection implements TransportService.Owner, AppendingConnection {
    /**
     * Where the target lies in the properties: Avatica asks for the {@code Meta} in its constructor, before there is a field to take it
     * from.
     */
    static final Object TARGET = new Object();

    private static final String ACCESS_MODE =
            "SELECT setting_value FROM zepto_settings() WHERE setting_name = 'access_mode'";

    private final Properties clientInfo = new Properties();
    private final ConnectionLock lock = new ConnectionLock(this::checkOpen);
    private volatile boolean readOnly;
    /** Whether the statement SET has made the session one that only reads, which it stays. */
    private volatile boolean sessionReadsOnly;
    /** Whether a statement has run that may have been SET since a server was last asked. */
    private volatile boolean mayBeSet;
    /** Null while a server was not asked yet. */
    private volatile @Nullable Boolean ofReadOnlyDatabase;

    private volatile boolean autoCommit = true;
    private @Nullable SQLWarning warning;
    private int networkTimeoutMillis;
    /** Whether the server speaks our protocol, and results come as Arrow. */
    private boolean speaksWire;

    private boolean cancelsRuns;

    private final ConnectionMemory memory = new ConnectionMemory(this);
    private final ConnectionEnd end = new ConnectionEnd(this, memory);

    ZeptoConnection(UnregisteredDriver driver, AvaticaFactory factory, String url, Properties info) {
        super(driver, factory, url, info);
    }

    ConnectionTarget target() {
        return (ConnectionTarget) Objects.requireNonNull(info.get(TARGET));
    }

    @Nullable
    EngineMeta engine() {
        return target() instanceof ConnectionTarget.InProcess inProcess ? inProcess.meta() : null;
    }

    Meta meta() {
        return meta;
    }

    private ConnectionTarget.@Nullable Server server() {
        return target() instanceof ConnectionTarget.Server server ? server : null;
    }

    /** Empty when none was given. */
    String userName() {
        ConnectionTarget.Server server = server();
        return server == null ? "" : server.settings().user();
    }

    @Override
    public ServerTransport transport() {
        return Objects.requireNonNull(server(), "a connection in the process has no transport")
                .transport();
    }

    /** With our protocol if the server has it, and with Avatica's alone if not. */
    void openOnServer() throws SQLException {
        ConnectionTarget.Server server = Objects.requireNonNull(server());
        if (!server.settings().rowFormat()) {
            WireMessages.Open open = new WireMessages.Open(id, WireProtocol.VERSIONS, ProductInfo.VERSION, true);
            WireBytes answer = server.transport().callIfKnown(WireProtocol.OPEN, open);
            if (answer != null) {
                WireMessages.Opened opened = ServerTransport.head(answer, WireMessages.Opened.class);
                speaksWire = opened.version() > 0;
                cancelsRuns = opened.cancelsRuns();
                server.transport().setMostRequestBytes(opened.mostRequestBytes());
                if (speaksWire && opened.leaseMillis() > 0) {
                    server.transport().holdLease(id, opened.leaseMillis());
                }
            }
        }
        if (!speaksWire) {
            openWithAvatica(server.settings().address());
        }
    }

    private void openWithAvatica(ServerAddress address) throws SQLException {
        try {
            getService()
                    .apply(new Service.OpenConnectionRequest(id, Map.of(WireFormat.PROPERTY, WireFormat.EXACT.name())));
        } catch (RuntimeException e) {
            SQLException failure = SqlErrors.translate(e);
            if (!ErrorCode.INTERNAL_ERROR.sqlState().equals(failure.getSQLState())) {
                throw failure;
            }
            throw SqlErrors.of(
                    SqlErrors.PROTOCOL_VIOLATION, 0, "what answers at " + address + " is no server of ZeptoDB", e);
        }
    }

    @Override
    protected void checkOpen() throws SQLException {
        if (isClosed()) {
            ConnectionTarget.Server server = end.hasBegun() ? null : server();
            String why = server == null ? null : server.transport().whyBroken();
            throw why == null
                    ? SqlErrors.closed("connection")
                    : SqlErrors.of(ErrorCode.CLOSED.sqlState(), "the connection is closed: " + why);
        }
    }

    @Override
    public boolean isClosed() throws SQLException {
        ConnectionTarget.Server server = server();
        return end.hasBegun() || (server != null && server.transport().isBroken());
    }

    /** What the statement runs on. */
    StatementLink link(AvaticaStatement statement) throws SQLException {
        EngineMeta engine = engine();
        if (engine != null) {
            return new EngineLink(engine.statement(statement.handle.id));
        }
        ConnectionTarget.Server server = (ConnectionTarget.Server) target();
        ServerTransport transport = server.transport();
        synchronized (memory) {
            ServerCancellation cancellation = new ServerCancellation(transport);
            ServerLink avatica = new ServerLink(statement, meta, cancellation, allocator());
            return speaksWire
                    ? new WireLink(
                            statement,
                            avatica,
                            transport,
                            allocator(),
                            server.settings().compression(),
                            cancelsRuns ? cancellation : null)
                    : avatica;
        }
    }

    /** Memory for rows that come in frames, and for batches of parameters. @throws SQLException when there is no more of it: the connection is closed */
    BufferAllocator allocator() throws SQLException {
        return memory.allocator();
    }

    /** Rows of metadata as a result. */
    ResultSet metadata(Meta.Signature signature, List<Object> rows) throws SQLException {
        return memory.metadata(signature, rows);
    }

    // ---- statements

    /** Asked for results that there are none of, it gives the nearest there are and leaves a warning (01S02), as JDBC says. */
    @Override
    public AvaticaStatement createStatement(int type, int concurrency, int holdability) throws SQLException {
        checkOpen();
        FetchRules.checkType(type, concurrency, holdability);
        try {
            AvaticaStatement statement = super.createStatement(
                    FetchRules.type(type), ResultSet.CONCUR_READ_ONLY, ResultSet.HOLD_CURSORS_OVER_COMMIT);
            warnOf(type, concurrency, holdability);
            return statement;
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        }
    }

    private void warnOf(int type, int concurrency, int holdability) {
        String downgrade = FetchRules.downgrade(type, concurrency, holdability);
        if (downgrade != null) {
            warn(new SQLWarning(downgrade, SqlErrors.OPTION_CHANGED));
        }
    }

    /** Each once until it is cleared: a pool may never clear them. */
    private synchronized void warn(SQLWarning next) {
        for (SQLWarning told = warning; told != null; told = told.getNextWarning()) {
            if (Objects.equals(told.getMessage(), next.getMessage())) {
                return;
            }
        }
        if (warning == null) {
            warning = next;
        } else {
            warning.setNextWarning(next);
        }
    }

    /** For the calls of its statements that touch the session. */
    ConnectionLock lock() {
        return lock;
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        checkOpen();
        FetchRules.checkType(type, concurrency, holdability);
        if (sql == null) {
            throw SqlErrors.of(SqlErrors.INVALID_CALL, "there is no statement to prepare: its text is null");
        }
        StatementCore.checkText(sql);
        PreparedStatement statement = lock.alone(() -> {
            Meta.StatementHandle prepared = meta.prepare(handle, sql, -1);
            return factory.newPreparedStatement(
                    this,
                    prepared,
                    prepared.signature,
                    FetchRules.type(type),
                    ResultSet.CONCUR_READ_ONLY,
                    ResultSet.HOLD_CURSORS_OVER_COMMIT);
        });
        warnOf(type, concurrency, holdability);
        return Objects.requireNonNull(statement);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
        checkOpen();
        FetchRules.checkKeys(autoGeneratedKeys);
        return prepareStatement(sql);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
        checkOpen();
        throw FetchRules.noKeys();
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
        checkOpen();
        throw FetchRules.noKeys();
    }

    @Override
    public Appender appender(String table, String... columns) throws SQLException {
        checkOpen();
        return TableAppender.open(this, table, columns);
    }

    /** The grammar has JDBC's escapes: a text is sent as it is. */
    @Override
    public String nativeSQL(String sql) throws SQLException {
        checkOpen();
        return sql;
    }

    // ---- transactions

    /**
     * As JDBC says: a change of the mode commits the transaction that is open, also one that the statement BEGIN has begun, and the mode that is there
     * already changes nothing. When that commit fails (40001), the transaction is rolled back and the mode stays.
     */
    @Override
    public void setAutoCommit(boolean value) throws SQLException {
        checkOpen();
        if (value == autoCommit) {
            return;
        }
        try {
            lock.alone(() -> {
                EngineMeta engine = engine();
                if (engine != null) {
                    engine.setAutoCommit(value);
                } else {
                    sync(new ConnectionPropertiesImpl().setAutoCommit(value));
                }
                return autoCommit = value;
            });
        } catch (SQLException e) {
            throw value ? ofCommit(e) : e;
        }
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        checkOpen();
        return autoCommit;
    }

    @Override
    public void commit() throws SQLException {
        checkOpen();
        try {
            lock.alone(() -> {
                meta.commit(handle);
                return null;
            });
        } catch (SQLException e) {
            throw ofCommit(e);
        }
    }

    /** The failure of what commits. When its answer is lost, so is the connection: a second commit would find nothing to do, and tell of success. */
    SQLException ofCommit(SQLException failure) {
        if (server() == null || !LostCommit.isLost(failure)) {
            return failure;
        }
        SQLException told = LostCommit.of(failure);
        transport().breaks(String.valueOf(told.getMessage()));
        return told;
    }

    @Override
    public void rollback() throws SQLException {
        checkOpen();
        lock.alone(() -> {
            meta.rollback(handle);
            return null;
        });
    }

    /** Not through Avatica's client: it keeps what the server has refused, and sends it again with the next statement. */
    private Meta.ConnectionProperties sync(Meta.ConnectionProperties asked) {
        return getService().apply(new Service.ConnectionSyncRequest(id, asked)).connProps;
    }

    /** Whether the database was opened with {@code access_mode=read_only}; a server is asked once. */
    boolean isOfReadOnlyDatabase() throws SQLException {
        checkOpen();
        Boolean known = ofReadOnlyDatabase;
        if (known == null) {
            try {
                EngineMeta engine = engine();
                // whatever is asked for comes behind this, so that the server speaks of the database
                known = engine != null
                        ? engine.isOfReadOnlyDatabase()
                        : Boolean.TRUE.equals(
                                sync(new ConnectionPropertiesImpl()).isReadOnly());
            } catch (RuntimeException e) {
                throw SqlErrors.translate(e);
            }
            ofReadOnlyDatabase = known;
        }
        return known;
    }

    /**
     * A connection to a database that was opened with {@code access_mode=read_only} is read-only and stays so. Asked for {@code false} there it
     * leaves a warning (01000) and goes on: the value is a hint in JDBC, pools and tools say it whenever they set up or take back a connection, and
     * drop one that throws. What writes is refused by the statement itself (25006).
     */
    @Override
    public void setReadOnly(boolean value) throws SQLException {
        if (isOfReadOnlyDatabase()) {
            if (!value) {
                warn(new SQLWarning(
                        "the connection stays read-only: the database was opened with access_mode=read_only",
                        Warning.GENERAL));
            }
            return;
        }
        boolean forGood =
                !value && sessionReadsOnly(); // before the change: when the question fails, nothing was changed
        lock.alone(() -> {
            EngineMeta engine = engine();
            if (engine != null) {
                engine.setReadOnly(value);
            } else {
                sync(new ConnectionPropertiesImpl().setReadOnly(value));
            }
            return readOnly = value;
        });
        if (forGood) {
            warn(new SQLWarning(
                    "the connection stays read-only: access_mode was set to read_only, for good", Warning.GENERAL));
        }
    }

    /**
     * Whether statements that write are refused: as {@link #setReadOnly} said, and always when the database is only read, or the session by the statement
     * {@code SET access_mode = read_only}. A server is asked again only behind a statement that may have been that one; the question waits, as a
     * statement without a time-out does, for what another thread runs on this connection, until that ends, the connection is closed or the thread interrupted.
     */
    @Override
    public boolean isReadOnly() throws SQLException {
        return isOfReadOnlyDatabase() || readOnly || sessionReadsOnly();
    }

    /** A statement has run that gave no rows and changed none. */
    void optionsMayHaveChanged() {
        mayBeSet = true;
    }

    private boolean sessionReadsOnly() throws SQLException {
        EngineMeta engine = engine();
        if (engine != null) {
            return engine.session().isReadOnly();
        }
        if (mayBeSet && !sessionReadsOnly) {
            mayBeSet = false; // before the question: what runs beside it asks for another one
            try {
                List<@Nullable Object[]> rows = new CatalogAnswers(this).ask(ACCESS_MODE);
                sessionReadsOnly = EngineOption.READ_ONLY.equals(rows.get(0)[0]);
            } catch (SQLException | RuntimeException e) {
                mayBeSet = true;
                throw e;
            }
        }
        return sessionReadsOnly;
    }

    /** What {@link #setReadOnly} has to tell, else null; warnings of statements are theirs. */
    @Override
    public synchronized @Nullable SQLWarning getWarnings() throws SQLException {
        checkOpen();
        return warning;
    }

    @Override
    public synchronized void clearWarnings() throws SQLException {
        checkOpen();
        warning = null;
    }

    /** A transaction reads one snapshot, which is what the strongest of the levels below SERIALIZABLE asks for, and more. */
    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        checkOpen();
        switch (level) {
            case Connection.TRANSACTION_READ_UNCOMMITTED,
                    Connection.TRANSACTION_READ_COMMITTED,
                    Connection.TRANSACTION_REPEATABLE_READ -> {}
            case Connection.TRANSACTION_NONE, Connection.TRANSACTION_SERIALIZABLE ->
                throw SqlErrors.unsupported("transaction isolation " + level
                        + " is not supported: transactions read snapshots, which is TRANSACTION_REPEATABLE_READ");
            default ->
                throw SqlErrors.of(
                        ErrorCode.INVALID_ARGUMENT.sqlState(),
                        level + " is no transaction isolation: use a constant of java.sql.Connection, such as"
                                + " TRANSACTION_REPEATABLE_READ");
        }
    }

    @Override
    public int getTransactionIsolation() throws SQLException {
        checkOpen();
        return Connection.TRANSACTION_REPEATABLE_READ;
    }

    @Override
    public void setHoldability(int holdability) throws SQLException {
        checkOpen();
        FetchRules.checkHoldability(holdability);
        if (holdability == ResultSet.CLOSE_CURSORS_AT_COMMIT) {
            throw SqlErrors.unsupported(
                    "results stay open over a commit, for each is of one snapshot: use ResultSet.HOLD_CURSORS_OVER_COMMIT");
        }
    }

    // ---- names

    @Override
    public void setCatalog(String catalog) throws SQLException {
        checkOpen();
        if (catalog != null && !catalog.equalsIgnoreCase(JdbcTypes.CATALOG)) {
            throw SqlErrors.of(
                    SqlState.UNDEFINED_CATALOG.code(),
                    "there is no catalog '" + catalog + "', only " + JdbcTypes.CATALOG);
        }
    }

    @Override
    public String getCatalog() throws SQLException {
        checkOpen();
        return JdbcTypes.CATALOG;
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        checkOpen();
        if (schema != null && !schema.equalsIgnoreCase(JdbcTypes.SCHEMA)) {
            throw SqlErrors.of(
                    SqlState.UNDEFINED_SCHEMA.code(),
                    "'" + schema + "' cannot be the current schema, only " + JdbcTypes.SCHEMA + " can");
        }
    }

    @Override
    public String getSchema() throws SQLException {
        checkOpen();
        return JdbcTypes.SCHEMA;
    }

    @Override
    public TimeZone getTimeZone() {
        return TimeZone.getDefault();
    }

    // ---- what a pool asks for

    /** In the process nothing is asked; a server is sent a request that does nothing. */
    @Override
    public boolean isValid(int timeoutSeconds) throws SQLException {
        FetchRules.checkNotNegative("the time-out", timeoutSeconds);
        if (isClosed()) {
            return false;
        }
        EngineMeta engine = engine();
        if (engine != null) {
            return !engine.session().isClosed();
        }
        try {
            ping(timeoutSeconds);
            return true;
        } catch (RuntimeException e) {
            return false; // what is wrong with it is no concern of who only wants to know whether it is
        }
    }

    /** A server without our protocol is asked for the connection's state. */
    private void ping(int timeoutSeconds) {
        int most = (int) Math.min(TimeUnit.SECONDS.toMillis(timeoutSeconds), Integer.MAX_VALUE);
        ServerTransport transport = transport();
        int millis = most == 0 ? transport.networkTimeoutMillis() : most;
        if (!speaksWire) {
            new RemoteProtobufService(request -> transport.send(request, millis), new ProtobufTranslationImpl())
                    .apply(new Service.ConnectionSyncRequest(id, new ConnectionPropertiesImpl()));
            return;
        }
        transport.call(WireProtocol.PING, new WireMessages.Ping(id), new byte[0], millis);
    }

    @Override
    public void setNetworkTimeout(@Nullable Executor executor, int milliseconds) throws SQLException {
        checkOpen();
        if (executor == null) {
            throw SqlErrors.of(SqlErrors.INVALID_CALL, "a network time-out wants an executor, got null");
        }
        FetchRules.checkNotNegative("the network time-out", milliseconds);
        ConnectionTarget.Server server = server();
        if (server != null) {
            server.transport().setNetworkTimeout(milliseconds);
        }
        networkTimeoutMillis = milliseconds; // in the process there is no network that could be slow
    }

    @Override
    public int getNetworkTimeout() throws SQLException {
        checkOpen();
        ConnectionTarget.Server server = server();
        return server == null ? networkTimeoutMillis : server.transport().networkTimeoutMillis();
    }

    @Override
    public void setClientInfo(String name, @Nullable String value) throws SQLClientInfoException {
        ClientInfo.check(end.hasBegun(), Collections.singletonMap(String.valueOf(name), value));
        if (value == null) {
            clientInfo.remove(name);
        } else {
            clientInfo.setProperty(name, value);
        }
    }

    @Override
    public void setClientInfo(@Nullable Properties properties) throws SQLClientInfoException {
        if (properties == null) {
            throw new SQLClientInfoException(
                    "client info wants properties, got null", SqlErrors.INVALID_CALL, Map.of());
        }
        Map<Object, Object> given = new HashMap<>(properties);
        for (String name : properties.stringPropertyNames()) { // with its defaults
            given.putIfAbsent(name, properties.getProperty(name));
        }
        ClientInfo.check(end.hasBegun(), given);
        clientInfo.clear();
        clientInfo.putAll(given);
    }

    /** Null for one that was not set, or that there is not. */
    @Override
    public @Nullable String getClientInfo(@Nullable String name) throws SQLException {
        checkOpen();
        return name == null ? null : clientInfo.getProperty(name);
    }

    @Override
    public Properties getClientInfo() throws SQLException {
        checkOpen();
        Properties copy = new Properties();
        copy.putAll(clientInfo);
        return copy;
    }

    // ---- the end

    /** Frees all threads that wait for what runs, or for a server, before it returns. */
    @Override
    public void abort(@Nullable Executor executor) throws SQLException {
        if (executor == null) {
            throw SqlErrors.of(SqlErrors.INVALID_CALL, "abort wants an executor, got null");
        }
        end.abort(executor);
    }

    @Override
    public void close() throws SQLException {
        end.close();
    }

    /** Frees what a connection took that could not be opened. */
    void forget() {
        end.forget();
    }

    @Override
    public <T> T unwrap(Class<T> iface) throws SQLException {
        checkOpen();
        if (Wrapping.required(iface).isInstance(this)) {
            return iface.cast(this);
        }
        EngineMeta engine = engine();
        if (engine != null && iface == Session.class) {
            return iface.cast(engine.session());
        }
        if (engine != null && iface == Database.class) {
            return iface.cast(engine.session().database());
        }
        throw Wrapping.none("a connection" + (engine == null ? " to a server" : ""), iface);
    }

    @Override
    public boolean isWrapperFor(Class<?> iface) {
        return Wrapping.isWrapper(this, iface)
                || (engine() != null && (iface == Session.class || iface == Database.class));
    }
}
