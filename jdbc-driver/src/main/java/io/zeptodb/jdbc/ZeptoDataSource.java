package io.zeptodb.jdbc;

import io.zeptodb.engine.api.EngineOption;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import java.io.PrintWriter;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.SQLException;
import java.sql.ShardingKeyBuilder;
import java.util.Properties;
import java.util.logging.Logger;
import javax.naming.Reference;
import javax.naming.Referenceable;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A source of connections as a bean: a URL and, for those who configure by properties, a property for each option of the engine. Every
 * connection of a private URL ({@code jdbc:zepto:}) has a database of its own; a pool wants {@code jdbc:zepto:mem:NAME}. Set it up in one
 * thread; then it is thread-safe.
 *
 * <p>Serialized, or bound in JNDI, it keeps its URL, options and login time-out, a password among them as it is, and no log writer.
 */
public final class ZeptoDataSource implements DataSource, Referenceable, Serializable {
    private static final long serialVersionUID = 1;

    private String url = ZeptoUrl.PREFIX;
    private final Properties options = new Properties();
    private int loginTimeoutSeconds;
    private transient @Nullable PrintWriter logWriter;

    public ZeptoDataSource() {}

    /** A source for a URL. */
    public ZeptoDataSource(String url) {
        this.url = url;
    }

    public String getUrl() {
        return url;
    }

    /** What DriverManager takes: {@code jdbc:zepto:…}. */
    public void setUrl(String url) {
        this.url = url;
    }

    /** The URL for messages and logs: without passwords, tokens and user information. */
    public String shownUrl() {
        return ShownUrl.of(url);
    }

    /** The user of a server who connects, when {@link #getConnection(String, String)} names no other one; a database in the process has no users. */
    public void setUser(@Nullable String user) {
        setOption(RemoteOption.USER.key(), user);
    }

    /** The password of {@link #setUser}. */
    public void setPassword(@Nullable String password) {
        setOption(RemoteOption.PASSWORD.key(), password);
    }

    /** Sets an option by its name, as in the URL; null takes it away. */
    public void setOption(String name, @Nullable String value) {
        if (value == null) {
            options.remove(name);
        } else {
            options.setProperty(name, value);
        }
    }

    /** {@link EngineOption#MEMORY_LIMIT}. */
    public void setMemoryLimit(@Nullable String value) {
        setOption(EngineOption.MEMORY_LIMIT.key(), value);
    }

    /** {@link EngineOption#QUERY_MEMORY_LIMIT}. */
    public void setQueryMemoryLimit(@Nullable String value) {
        setOption(EngineOption.QUERY_MEMORY_LIMIT.key(), value);
    }

    /** {@link EngineOption#THREADS}. */
    public void setThreads(int value) {
        setOption(EngineOption.THREADS.key(), Integer.toString(value));
    }

    /** {@link EngineOption#SEAL_ROWS}. */
    public void setSealRows(int value) {
        setOption(EngineOption.SEAL_ROWS.key(), Integer.toString(value));
    }

    /** {@link EngineOption#PLAN_CACHE_SIZE}. */
    public void setPlanCacheSize(int value) {
        setOption(EngineOption.PLAN_CACHE_SIZE.key(), Integer.toString(value));
    }

    /** {@link EngineOption#ASOF_DEFAULT}. */
    public void setAsofDefault(@Nullable String value) {
        setOption(EngineOption.ASOF_DEFAULT.key(), value);
    }

    /** {@link EngineOption#STATEMENT_TIMEOUT}. */
    public void setStatementTimeout(@Nullable String value) {
        setOption(EngineOption.STATEMENT_TIMEOUT.key(), value);
    }

    /** {@link EngineOption#MAX_RESULT_ROWS}. */
    public void setMaxResultRows(int value) {
        setOption(EngineOption.MAX_RESULT_ROWS.key(), Integer.toString(value));
    }

    /** {@link EngineOption#ALLOWED_PATHS}. */
    public void setAllowedPaths(@Nullable String value) {
        setOption(EngineOption.ALLOWED_PATHS.key(), value);
    }

    /** {@link EngineOption#MAX_STATEMENT_LENGTH}. */
    public void setMaxStatementLength(int value) {
        setOption(EngineOption.MAX_STATEMENT_LENGTH.key(), Integer.toString(value));
    }

    /** {@link EngineOption#MAX_NESTING_DEPTH}. */
    public void setMaxNestingDepth(int value) {
        setOption(EngineOption.MAX_NESTING_DEPTH.key(), Integer.toString(value));
    }

    /** {@link EngineOption#USE_MATERIALIZED_VIEWS}. */
    public void setUseMaterializedViews(boolean value) {
        setOption(EngineOption.USE_MATERIALIZED_VIEWS.key(), Boolean.toString(value));
    }

    @Override
    public Connection getConnection() throws SQLException {
        return connect(options);
    }

    private Connection connect(Properties given) throws SQLException {
        Connection connection = ZeptoDriver.instance().connect(url, given);
        if (connection == null) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_OPTION.sqlState(),
                    "'" + ShownUrl.of(url) + "' is no URL of ZeptoDB: expected " + ZeptoUrl.PREFIX + "…");
        }
        return connection;
    }

    /**
     * As that user of a server, in place of {@link #setUser}'s; a database in the process has no users.
     *
     * @throws SQLException 22023 when the URL names another user or password, or there is a token too
     */
    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        Properties given = new Properties();
        given.putAll(options);
        put(given, RemoteOption.USER, user);
        put(given, RemoteOption.PASSWORD, password);
        return connect(given);
    }

    private static void put(Properties properties, RemoteOption option, @Nullable String value) {
        if (value == null) {
            properties.remove(option.key());
        } else {
            properties.setProperty(option.key(), value);
        }
    }

    @Override
    public ConnectionBuilder createConnectionBuilder() throws SQLException {
        throw noShards();
    }

    @Override
    public ShardingKeyBuilder createShardingKeyBuilder() throws SQLException {
        throw noShards();
    }

    private static SQLException noShards() {
        return SqlErrors.unsupported("there are no shards: a database is one");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return logWriter;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        logWriter = out;
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeoutSeconds = seconds;
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeoutSeconds;
    }

    @Override
    public Logger getParentLogger() {
        return ZeptoDriver.instance().getParentLogger();
    }

    /** Of which {@link ZeptoDataSourceFactory} makes the same source. */
    @Override
    public Reference getReference() {
        return ZeptoDataSourceFactory.reference(url, options, loginTimeoutSeconds);
    }

    @Override
    public String toString() {
        return "ZeptoDataSource[" + shownUrl() + "]"; // without the options, which may be secret
    }

    @Override
    public <T> T unwrap(Class<T> iface) throws SQLException {
        return Wrapping.unwrap(this, "a data source", iface);
    }

    @Override
    public boolean isWrapperFor(Class<?> iface) {
        return Wrapping.isWrapper(this, iface);
    }
}
