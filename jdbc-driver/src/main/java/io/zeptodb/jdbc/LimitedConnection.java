package io.zeptodb.jdbc;

import io.zeptodb.jdbc.value.BlobValue;
import io.zeptodb.jdbc.value.ClobValue;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Struct;
import java.util.Map;
import java.util.Properties;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaFactory;
import org.apache.calcite.avatica.UnregisteredDriver;
import org.jspecify.annotations.Nullable;

/** What a connection makes without asking the database, and what it refuses whatever the database. Thread-safe. */
abstract class LimitedConnection extends AvaticaConnection {
    LimitedConnection(UnregisteredDriver driver, AvaticaFactory factory, String url, Properties info) {
        super(driver, factory, url, info);
    }

    // ---- values

    @Override
    public Clob createClob() throws SQLException {
        checkOpen();
        return new ClobValue();
    }

    @Override
    public Blob createBlob() throws SQLException {
        checkOpen();
        return new BlobValue();
    }

    @Override
    public NClob createNClob() throws SQLException {
        checkOpen();
        return new ClobValue();
    }

    @Override
    public SQLXML createSQLXML() throws SQLException {
        checkOpen();
        throw FetchRules.noObject("an SQLXML", "setString");
    }

    /** An array could only be a parameter, and none can be one: ARRAY[?, ?] takes its elements. */
    @Override
    public Array createArrayOf(String typeName, Object[] elements) throws SQLException {
        checkOpen();
        throw FetchRules.noType("arrays");
    }

    @Override
    public Struct createStruct(String typeName, Object[] attributes) throws SQLException {
        checkOpen();
        throw FetchRules.noType("structures");
    }

    /** There are no types of the user that it could map. */
    @Override
    public Map<String, Class<?>> getTypeMap() throws SQLException {
        checkOpen();
        return Map.of();
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        checkOpen();
        if (map == null || !map.isEmpty()) {
            throw FetchRules.noType("types of the user");
        }
    }

    // ---- procedures

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        checkOpen();
        throw FetchRules.noCalls();
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
        return prepareCall(sql);
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability) throws SQLException {
        return prepareCall(sql);
    }

    // ---- savepoints

    @Override
    public Savepoint setSavepoint() throws SQLException {
        checkOpen();
        throw FetchRules.noSavepoints();
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        return setSavepoint();
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        checkOpen();
        throw FetchRules.noSavepoints();
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        checkOpen();
        throw FetchRules.noSavepoints();
    }

    // ---- shards

    private SQLException noShards() throws SQLException {
        checkOpen();
        return SqlErrors.unsupported("there are no shards: a database is one");
    }

    @Override
    public void setShardingKey(@Nullable ShardingKey shardingKey) throws SQLException {
        throw noShards();
    }

    @Override
    public void setShardingKey(@Nullable ShardingKey shardingKey, @Nullable ShardingKey superShardingKey)
            throws SQLException {
        throw noShards();
    }

    @Override
    public boolean setShardingKeyIfValid(@Nullable ShardingKey shardingKey, int timeout) throws SQLException {
        throw noShards();
    }

    @Override
    public boolean setShardingKeyIfValid(
            @Nullable ShardingKey shardingKey, @Nullable ShardingKey superShardingKey, int timeout)
            throws SQLException {
        throw noShards();
    }
}
