package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.StatementKind;
import io.zeptodb.engine.api.Warning;
import io.zeptodb.jdbc.value.JdbcTypes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.MissingResultsException;
import org.apache.calcite.avatica.NoSuchStatementException;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.proto.Requests;
import org.apache.calcite.avatica.remote.ProtobufMeta;
import org.apache.calcite.avatica.remote.TypedValue;
import org.jspecify.annotations.Nullable;

/**
 * Avatica's door to one session of an engine. A connection in the process takes {@link EngineStatement}s from it and reads their batches
 * itself; a server lets Avatica's service call it, which reads rows in frames. Every statement commits by itself until auto-commit is switched off:
 * then the first statement begins a transaction, and so does the first after each commit and rollback. Errors are EngineExceptions. One
 * thread at a time, except for {@link #cancel(int)} and {@link #cancel()}.
 */
public final class EngineMeta extends EmptyMetadata implements ProtobufMeta, AutoCloseable {
    /** Rows of a frame when the client does not say: enough to make the round trip cheap, little enough for any row. */
    private static final int DEFAULT_FRAME_ROWS = 5_000;

    private static final int MOST_FRAME_ROWS = 100_000;

    private final Session session;
    private final WireFormat format;
    private final CatalogQuestions<RuntimeException> questions;
    private final CatalogRows<RuntimeException> catalog;
    private final boolean ofReadOnlyDatabase;
    private final Map<Integer, EngineStatement> statements = new ConcurrentHashMap<>();
    private volatile int mostStatements;
    private volatile StatementListener listener = StatementListener.NONE;
    private volatile boolean refusesNewWork;
    private volatile boolean readOnly;
    private volatile boolean autoCommit = true;

    /** Takes over the session: it is closed with this object. */
    public EngineMeta(Session session, WireFormat format) {
        super(format);
        this.session = session;
        this.format = format;
        this.questions = CatalogQuestions.of(session);
        this.catalog = new CatalogRows<>(questions);
        this.ofReadOnlyDatabase = session.database().config().storage().readOnly();
    }

    /** Who is told of the statements, from the next one on. */
    public void listen(StatementListener told) {
        listener = told;
    }

    StatementListener listener() {
        return listener;
    }

    /** From here on only what a transaction still needs is done, and results that are open are read: the database is about to be closed. */
    public void refuseNewWork() {
        refusesNewWork = true;
    }

    /** Whether nothing is left that a client would miss: no transaction, and no result that is not read to its end. */
    public boolean isAtRest() {
        return !session.inTransaction() && statements.values().stream().noneMatch(EngineStatement::isServing);
    }

    /** Ends the results of which nothing was asked for so long. */
    public void expireResults(long mostIdleNanos) {
        statements.values().forEach(statement -> statement.expire(mostIdleNanos));
    }

    public Session session() {
        return session;
    }

    /** Asks the session. */
    public CatalogQuestions<RuntimeException> questions() {
        return questions;
    }

    /** The statement of a handle that this object gave. */
    public EngineStatement statement(int id) {
        EngineStatement statement = statements.get(id);
        if (statement == null) {
            throw new EngineException(ErrorCode.STATEMENT_CLOSED, "the statement is closed");
        }
        return statement;
    }

    private EngineStatement known(StatementHandle handle) throws NoSuchStatementException {
        EngineStatement statement = statements.get(handle.id);
        if (statement == null) {
            throw new NoSuchStatementException(handle);
        }
        return statement;
    }

    /** Most statements that may be open at the same time; 0 for no limit. */
    public void limitStatements(int most) {
        mostStatements = most;
    }

    private EngineStatement open() {
        if (mostStatements > 0 && statements.size() >= mostStatements) {
            throw new EngineException(
                    ErrorCode.TOO_MANY_OPEN,
                    "the connection has " + mostStatements
                            + " open statements, which is the most that it may have: close some");
        }
        EngineStatement statement = new EngineStatement(nextStatementId.getAndIncrement(), this, session);
        statements.put(statement.id(), statement);
        return statement;
    }

    /** What comes before a statement runs: whether it may, and the transaction that it is the first of. */
    void beforeRun(PreparedQuery query) {
        if (refusesNewWork && !session.inTransaction()) {
            throw new EngineException(
                    ErrorCode.ADMIN_SHUTDOWN,
                    "the server is stopping and takes no more statements: connect again later");
        }
        if (readOnly && query.writes()) {
            throw new EngineException(
                    ErrorCode.READ_ONLY,
                    "the connection is read-only: call setReadOnly(false) before a statement that writes");
        }
        if (!autoCommit
                && query.kind() != StatementKind.TRANSACTION
                && !session.inTransaction()
                && !isQuestion(query)) {
            session.begin(readOnly);
        }
    }

    /** The mark is text, and anybody may write it: it makes no difference to what reads or writes a table. */
    private static boolean isQuestion(PreparedQuery query) {
        return query.sql().startsWith(CatalogQuestions.MARK) && query.readsNoTable();
    }

    /** Whether the database was opened to be read only, whatever the connection asks for. */
    public boolean isOfReadOnlyDatabase() {
        return ofReadOnlyDatabase;
    }

    /**
     * Does nothing when the database is read only: it stays so.
     *
     * @throws EngineException INVALID_TRANSACTION_STATE when a transaction is open and this would change what it may do
     */
    public void setReadOnly(boolean value) {
        if (ofReadOnlyDatabase) {
            return;
        }
        if (value != readOnly && session.inTransaction()) {
            throw new EngineException(
                    ErrorCode.INVALID_TRANSACTION_STATE,
                    "setReadOnly cannot change a transaction that is open: commit it or roll it back first");
        }
        readOnly = value;
    }

    public boolean autoCommit() {
        return autoCommit;
    }

    /**
     * Commits the transaction that is open, if any, when this changes the mode, also one that the statement BEGIN has begun. When that fails the mode
     * stays as it was.
     */
    public void setAutoCommit(boolean value) {
        if (value != autoCommit && session.inTransaction()) {
            session.commit();
        }
        autoCommit = value;
    }

    /** Ends the transaction, if one is open. @throws EngineException INVALID_TRANSACTION_STATE in auto-commit mode; CONFLICT */
    public void commit() {
        if (autoCommit) {
            throw noTransaction("commit");
        }
        if (session.inTransaction()) {
            session.commit();
        }
    }

    /** As {@link #commit()}, undoing its changes. */
    public void rollback() {
        if (autoCommit) {
            throw noTransaction("rollback");
        }
        if (session.inTransaction()) {
            session.rollback();
        }
    }

    /** JDBC forbids both in auto-commit mode. */
    private static EngineException noTransaction(String what) {
        return new EngineException(
                ErrorCode.INVALID_TRANSACTION_STATE,
                what + " has nothing to end: the connection is in auto-commit mode, each statement commits by itself"
                        + " (what the statement BEGIN began, the statements COMMIT and ROLLBACK end)");
    }

    // ---- statements

    @Override
    public StatementHandle createStatement(ConnectionHandle ch) {
        return new StatementHandle(ch.id, open().id(), null);
    }

    @Override
    public StatementHandle prepare(ConnectionHandle ch, String sql, long maxRowCount) {
        EngineStatement statement = open();
        try {
            PreparedQuery query = statement.prepare(sql == null ? "" : sql); // Avatica sends an empty text as none
            return new StatementHandle(ch.id, statement.id(), Signatures.of(query, format));
        } catch (RuntimeException | Error e) {
            statements.remove(statement.id());
            throw e;
        }
    }

    @Override
    public ExecuteResult prepareAndExecute(
            StatementHandle h, String sql, long maxRowCount, int maxRowsInFirstFrame, PrepareCallback callback)
            throws NoSuchStatementException {
        EngineStatement statement = known(h);
        statement.prepare(sql);
        long maxRows = maxRowCount;
        int firstFrameRows = maxRowsInFirstFrame;
        if (format == WireFormat.EXACT) {
            Expected.of(maxRowCount).check(statement.givesRows());
            maxRows = Expected.maxRows(maxRowCount);
            firstFrameRows = DEFAULT_FRAME_ROWS; // Avatica's client sends the other number again in its place
        }
        List<MetaResultSet> results = execute(h, statement, List.of(), maxRows, firstFrameRows);
        MetaResultSet result = results.get(0);
        try {
            callback.clear();
            callback.assign(result.signature, result.firstFrame, result.updateCount);
            callback.execute();
        } catch (SQLException e) {
            throw new EngineException(ErrorCode.INTERNAL_ERROR, String.valueOf(e.getMessage()), e);
        }
        return new ExecuteResult(results);
    }

    @Override
    public ExecuteResult execute(StatementHandle h, List<TypedValue> parameterValues, int maxRowsInFirstFrame)
            throws NoSuchStatementException {
        List<@Nullable Object> parameters = ParameterWire.decode(parameterValues);
        return new ExecuteResult(execute(h, known(h), parameters, 0, maxRowsInFirstFrame));
    }

    /** The result, and a second one with the warnings if there are any. */
    private List<MetaResultSet> execute(
            StatementHandle h,
            EngineStatement statement,
            List<@Nullable Object> parameters,
            long maxRows,
            int firstFrameRows) {
        ExecutionOptions options = new ExecutionOptions(0, Math.max(0, maxRows));
        if (!statement.givesRows()) {
            MetaResultSet count = MetaResultSet.count(h.connectionId, h.id, statement.update(parameters, options));
            List<Warning> warnings = statement.query().warnings();
            return warnings.isEmpty() ? List.of(count) : List.of(count, Signatures.warnings(h, warnings, format));
        }
        PreparedQuery query = statement.query();
        List<ColumnType> types = query.parameters();
        List<ResultColumn> columns = statement.serve(parameters, options);
        try {
            Frame first = statement.frame(0, frameRows(firstFrameRows), format);
            Signature signature = Signatures.ofRows(columns, query.sql(), types, format);
            return List.of(MetaResultSet.create(h.connectionId, h.id, false, signature, first));
        } catch (MissingResultsException e) {
            throw new EngineException(ErrorCode.INTERNAL_ERROR, "a result was gone before it was read", e);
        }
    }

    private static int frameRows(int asked) {
        return asked <= 0 ? DEFAULT_FRAME_ROWS : Math.min(asked, MOST_FRAME_ROWS);
    }

    @Override
    public Frame fetch(StatementHandle h, long offset, int fetchMaxRowCount)
            throws NoSuchStatementException, MissingResultsException {
        return known(h).frame(offset, frameRows(fetchMaxRowCount), format);
    }

    @Override
    public ExecuteBatchResult prepareAndExecuteBatch(StatementHandle h, List<String> sqlCommands)
            throws NoSuchStatementException {
        EngineStatement statement = known(h);
        long[] counts = new long[sqlCommands.size()];
        for (int i = 0; i < counts.length; i++) {
            statement.prepare(sqlCommands.get(i));
            if (statement.givesRows()) {
                throw new EngineException(
                        ErrorCode.INVALID_STATEMENT,
                        "statement " + (i + 1) + " of the batch gives rows: a batch cannot");
            }
            counts[i] = statement.update(List.of(), ExecutionOptions.DEFAULT);
        }
        return new ExecuteBatchResult(counts);
    }

    @Override
    public ExecuteBatchResult executeBatch(StatementHandle h, List<List<TypedValue>> parameterValues)
            throws NoSuchStatementException {
        List<List<@Nullable Object>> rows =
                parameterValues.stream().map(ParameterWire::decode).toList();
        return new ExecuteBatchResult(known(h).updateBatch(rows, ExecutionOptions.DEFAULT));
    }

    /** As {@link #executeBatch}: Avatica leaves a batch that came as protobuf in that form. */
    @Override
    public ExecuteBatchResult executeBatchProtobuf(StatementHandle h, List<Requests.UpdateBatch> parameterValues)
            throws NoSuchStatementException {
        List<List<@Nullable Object>> rows = parameterValues.stream()
                .map(row -> ParameterWire.decodeProtobuf(row.getParameterValuesList()))
                .toList();
        return new ExecuteBatchResult(known(h).updateBatch(rows, ExecutionOptions.DEFAULT));
    }

    @Override
    public void closeStatement(StatementHandle h) {
        EngineStatement statement = statements.remove(h.id);
        if (statement != null) {
            statement.close();
        }
    }

    /** Stops what a statement runs now; from any thread. An unknown one runs nothing. */
    public void cancel(int statementId) {
        cancel(statementId, 0);
    }

    /** As {@link #cancel(int)}. @param run which of the statement's runs is meant, if its client counts them and it has not come yet; else 0 */
    public void cancel(int statementId, long run) {
        EngineStatement statement = statements.get(statementId);
        if (statement != null) {
            statement.cancel(run);
        }
    }

    /** Stops whatever runs; from any thread. */
    public void cancel() {
        session.cancel();
    }

    /** Stops whatever runs, with this error; from any thread. */
    public void stop(ErrorCode code, String message) {
        session.stop(code, message);
    }

    // ---- what Avatica keeps for the past

    @Override
    @Deprecated
    public ExecuteResult prepareAndExecute(StatementHandle h, String sql, long maxRowCount, PrepareCallback callback)
            throws NoSuchStatementException {
        return prepareAndExecute(h, sql, maxRowCount, -1, callback);
    }

    @Override
    @Deprecated
    public ExecuteResult execute(StatementHandle h, List<TypedValue> parameterValues, long maxRowCount)
            throws NoSuchStatementException {
        return new ExecuteResult(execute(h, known(h), ParameterWire.decode(parameterValues), maxRowCount, -1));
    }

    @Override
    public Iterable<Object> createIterable(
            StatementHandle stmt,
            QueryState state,
            Signature signature,
            List<TypedValue> parameters,
            Frame firstFrame) {
        return firstFrame.rows;
    }

    /** A client asks for this when a result is gone: it is not made again, for the tables may have changed since. */
    @Override
    public boolean syncResults(StatementHandle sh, QueryState state, long offset) {
        throw new EngineException(
                ErrorCode.STATEMENT_CLOSED,
                "the result is gone, its statement was idle for too long: run the statement again");
    }

    // ---- the connection

    @Override
    public void openConnection(ConnectionHandle ch, @Nullable Map<String, String> info) {
        // the session is open already
    }

    @Override
    public void closeConnection(ConnectionHandle ch) {
        close();
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (EngineStatement statement : List.copyOf(statements.values())) {
            statements.remove(statement.id());
            try {
                statement.close();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        session.close();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void commit(ConnectionHandle ch) {
        commit();
    }

    @Override
    public void rollback(ConnectionHandle ch) {
        rollback();
    }

    @Override
    public ConnectionProperties connectionSync(ConnectionHandle ch, ConnectionProperties asked) {
        if (asked.isAutoCommit() != null) {
            setAutoCommit(asked.isAutoCommit());
        }
        if (asked.isReadOnly() != null) {
            setReadOnly(asked.isReadOnly());
        }
        ConnectionPropertiesImpl state = new ConnectionPropertiesImpl(
                autoCommit,
                readOnly || ofReadOnlyDatabase,
                Connection.TRANSACTION_REPEATABLE_READ,
                JdbcTypes.CATALOG,
                JdbcTypes.SCHEMA);
        state.setDirty(false);
        return state;
    }

    // ---- metadata

    @Override
    public Map<DatabaseProperty, Object> getDatabaseProperties(ConnectionHandle ch) {
        Map<DatabaseProperty, Object> properties = new EnumMap<>(DatabaseProperty.class);
        properties.put(DatabaseProperty.GET_DATABASE_PRODUCT_NAME, ProductInfo.NAME);
        properties.put(DatabaseProperty.GET_DATABASE_PRODUCT_VERSION, ProductInfo.VERSION);
        properties.put(DatabaseProperty.GET_DATABASE_MAJOR_VERSION, ProductInfo.MAJOR);
        properties.put(DatabaseProperty.GET_DATABASE_MINOR_VERSION, ProductInfo.MINOR);
        properties.put(DatabaseProperty.GET_DEFAULT_TRANSACTION_ISOLATION, Connection.TRANSACTION_REPEATABLE_READ);
        properties.put(DatabaseProperty.GET_S_Q_L_KEYWORDS, ProductInfo.keywords(questions));
        Map<FunctionNames.Kind, String> functions = FunctionNames.of(session);
        properties.put(DatabaseProperty.GET_NUMERIC_FUNCTIONS, functions.get(FunctionNames.Kind.NUMERIC));
        properties.put(DatabaseProperty.GET_STRING_FUNCTIONS, functions.get(FunctionNames.Kind.STRING));
        properties.put(DatabaseProperty.GET_SYSTEM_FUNCTIONS, functions.get(FunctionNames.Kind.SYSTEM));
        properties.put(DatabaseProperty.GET_TIME_DATE_FUNCTIONS, functions.get(FunctionNames.Kind.TIME_DATE));
        return properties;
    }

    @Override
    public MetaResultSet getCatalogs(ConnectionHandle ch) {
        return result(ch, MetadataShape.CATALOGS, CatalogRows.catalogs());
    }

    @Override
    public MetaResultSet getSchemas(ConnectionHandle ch, @Nullable String catalogName, Pat schemaPattern) {
        return result(ch, MetadataShape.SCHEMAS, CatalogRows.schemas(catalogName, schemaPattern.s));
    }

    @Override
    public MetaResultSet getTables(
            ConnectionHandle ch,
            @Nullable String catalogName,
            Pat schemaPattern,
            Pat tableNamePattern,
            @Nullable List<String> typeList) {
        return result(
                ch, MetadataShape.TABLES, catalog.tables(catalogName, schemaPattern.s, tableNamePattern.s, typeList));
    }

    @Override
    public MetaResultSet getColumns(
            ConnectionHandle ch,
            @Nullable String catalogName,
            Pat schemaPattern,
            Pat tableNamePattern,
            Pat columnNamePattern) {
        return result(
                ch,
                MetadataShape.COLUMNS,
                catalog.columns(catalogName, schemaPattern.s, tableNamePattern.s, columnNamePattern.s));
    }

    @Override
    public MetaResultSet getTableTypes(ConnectionHandle ch) {
        return result(ch, MetadataShape.TABLE_TYPES, CatalogRows.tableTypes());
    }

    @Override
    public MetaResultSet getTypeInfo(ConnectionHandle ch) {
        return result(ch, MetadataShape.TYPE_INFO, CatalogRows.typeInfo());
    }
}
