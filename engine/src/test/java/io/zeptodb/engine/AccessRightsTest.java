package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.AccessPolicy;
import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.StatementKind;
import io.zeptodb.engine.api.TableRight;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.UserRole;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.spec.SpecAnswer;
import io.zeptodb.engine.sql.schema.SystemTables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of users: what each kind of statement wants of them, and that what they may not read is nowhere to be seen. */
@Timeout(120)
class AccessRightsTest {
    private static final AccessRights READER_OF_QUOTES =
            AccessRights.of(UserRole.READER, Map.of("Quotes", TableRight.READ));
    private static final AccessRights WRITER_OF_QUOTES =
            AccessRights.of(UserRole.WRITER, Map.of("quotes", TableRight.WRITE, "open_view", TableRight.READ));
    private static final AccessRights READER = AccessRights.ofRole(UserRole.READER);
    private static final AccessRights WRITER = AccessRights.ofRole(UserRole.WRITER);
    private static final AccessRights ADMIN = AccessRights.ofRole(UserRole.ADMIN);

    @TempDir
    private Path folder;

    private final Database database = Engine.open(Map.of());
    private final Session all = database.openSession();
    private final List<Session> opened = new ArrayList<>();

    @BeforeEach
    void makeTables() {
        all.update(
                "CREATE TABLE quotes (symbol SYMBOL, bid DOUBLE, ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY symbol, DAY(ts)");
        all.update(
                "CREATE TABLE trades (symbol SYMBOL, price DOUBLE, ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY symbol, DAY(ts)");
        all.update("CREATE TABLE other (symbol SYMBOL, bid DOUBLE, ts TIMESTAMP)");
        all.update("INSERT INTO quotes VALUES ('A', 1, '2024-01-01 00:00:00'), ('B', 2, '2024-01-01 00:00:01')");
        all.update("INSERT INTO trades VALUES ('A', 1, '2024-01-01 00:00:02'), ('B', 2, '2024-01-01 00:00:03')");
        all.update("CREATE VIEW open_view AS SELECT symbol, bid FROM quotes");
        all.update(
                "CREATE VIEW mixed_view AS SELECT q.symbol, t.price FROM quotes q JOIN trades t ON q.symbol = t.symbol");
        all.update("CREATE MATERIALIZED VIEW bars AS SELECT symbol, max(bid) AS top FROM quotes GROUP BY symbol");
    }

    @AfterEach
    void close() {
        opened.forEach(Session::close);
        all.close();
        database.close();
    }

    /** A user whose rights can change. */
    private static final class Ann implements AccessPolicy {
        private final Map<String, String> limits;
        private volatile AccessRights rights;
        private volatile boolean gone;

        Ann(AccessRights rights) {
            this(rights, Map.of());
        }

        Ann(AccessRights rights, Map<String, String> limits) {
            this.rights = rights;
            this.limits = limits;
        }

        @Override
        public Map<String, String> limits() {
            return limits;
        }

        @Override
        public String user() {
            return "ann";
        }

        @Override
        public AccessRights rights() {
            if (gone) {
                throw new EngineException(ErrorCode.INVALID_AUTHORIZATION, "user 'ann' was removed");
            }
            return rights;
        }
    }

    /** A writer with limits, whom the test closes. */
    private static Session limitedTo(Database database, Map<String, String> limits) {
        return database.openSession(new Ann(WRITER, limits));
    }

    private Session of(AccessRights rights) {
        return of(new Ann(rights));
    }

    private Session of(AccessPolicy policy) {
        Session session = database.openSession(policy);
        opened.add(session);
        return session;
    }

    private static void run(Session session, String sql) {
        try (PreparedQuery query = session.prepare(sql)) {
            if (query.kind() == StatementKind.QUERY) {
                query.query(List.of(), ExecutionOptions.DEFAULT).close();
            } else {
                query.update(List.of(), ExecutionOptions.DEFAULT);
            }
        }
    }

    private static List<String> rows(Session session, String sql) {
        return SpecAnswer.rows(session, sql);
    }

    private static void assertDenied(Session session, String sql, String message) {
        assertThatThrownBy(() -> run(session, sql))
                .as(sql)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.sqlState()).as(e.getMessage()).isEqualTo("42501"))
                .hasMessageContaining(message);
    }

    /** Every kind of statement, by its class, with who may run it on quotes: r a reader, w a writer, a an administrator. */
    private Map<Class<?>, List<String>> everyKind() {
        return Map.ofEntries(
                Map.entry(
                        Statement.Query.class,
                        List.of("r SELECT * FROM quotes", "r EXPLAIN SELECT 1", "r SHOW TABLES")),
                Map.entry(Statement.Insert.class, List.of("w INSERT INTO quotes VALUES ('C', 1, '2024-01-02')")),
                Map.entry(Statement.Update.class, List.of("w UPDATE quotes SET bid = 2 WHERE symbol = 'A'")),
                Map.entry(Statement.Delete.class, List.of("w DELETE FROM quotes WHERE symbol = 'Z'")),
                Map.entry(
                        Statement.Merge.class,
                        List.of("w MERGE INTO quotes q USING (SELECT 'A' AS symbol) s ON q.symbol = s.symbol"
                                + " WHEN MATCHED THEN UPDATE SET bid = 3")),
                Map.entry(Statement.Truncate.class, List.of("w TRUNCATE TABLE quotes")),
                Map.entry(Statement.CopyTo.class, List.of("w COPY quotes TO '" + folder + "/out.csv'")),
                Map.entry(Statement.CopyFrom.class, List.of("w COPY quotes FROM '" + folder + "/in.csv'")),
                Map.entry(
                        Statement.ExplainAnalyze.class,
                        List.of(
                                "r EXPLAIN ANALYZE SELECT * FROM quotes",
                                "w EXPLAIN ANALYZE DELETE FROM quotes WHERE symbol = 'Z'")),
                Map.entry(
                        Statement.CreateTable.class,
                        List.of("a CREATE TABLE n (x INTEGER)", "a CREATE TABLE m AS SELECT * FROM quotes")),
                Map.entry(Statement.AlterTable.class, List.of("a ALTER TABLE quotes ADD COLUMN extra INTEGER")),
                Map.entry(
                        Statement.CreateView.class,
                        List.of(
                                "a CREATE VIEW v AS SELECT bid FROM quotes",
                                "a CREATE MATERIALIZED VIEW mv AS SELECT symbol, min(bid) AS low FROM quotes GROUP BY symbol")),
                Map.entry(Statement.DropViews.class, List.of("a DROP VIEW open_view")),
                Map.entry(
                        Statement.DropTable.class,
                        List.of("a DROP TABLE quotes CASCADE", "a DROP TABLE IF EXISTS nothing")),
                Map.entry(Statement.Checkpoint.class, List.of("a CHECKPOINT")),
                Map.entry(Statement.Backup.class, List.of("a BACKUP TO '" + folder + "/copy'")),
                Map.entry(Statement.SetOption.class, List.of("r SET threads = 1")),
                Map.entry(Statement.SetTransaction.class, List.of("r SET TRANSACTION READ ONLY")),
                Map.entry(Statement.Begin.class, List.of("r BEGIN")),
                Map.entry(Statement.Commit.class, List.of("r COMMIT")),
                Map.entry(Statement.Rollback.class, List.of("r ROLLBACK")));
    }

    /** A kind of statement that comes to the engine fails this test until somebody has said who may run it. */
    @Test
    void everyKindOfStatementIsSomebodys() {
        assertThat(everyKind().keySet()).containsExactlyInAnyOrder(Statement.class.getPermittedSubclasses());
    }

    @Test
    void everyKindOfStatementAsksForItsRole() {
        all.update("COPY quotes TO '" + folder + "/in.csv'");
        for (Map.Entry<Class<?>, List<String>> kind : everyKind().entrySet()) {
            for (String line : kind.getValue()) {
                char least = line.charAt(0);
                String sql = line.substring(2);
                EnginePreparedQuery planned = (EnginePreparedQuery) all.prepare(sql);
                assertThat(planned.statementClass()).as(sql).isEqualTo(kind.getKey());
                if (least == 'r') {
                    assertThatCode(() -> run(of(READER), sql)).as(sql).doesNotThrowAnyException();
                } else {
                    assertDenied(of(READER), sql, "user 'ann' may not ");
                    assertDenied(of(READER), sql, "the role is reader, needed is the role");
                }
                if (least == 'a') {
                    assertDenied(of(WRITER), sql, "needed is the role admin");
                } else if (least == 'w') {
                    assertThatCode(() -> run(of(WRITER), sql)).as(sql).doesNotThrowAnyException();
                }
                planned.close();
            }
        }
    }

    @Test
    void anAdministratorMayDoAllOfIt() {
        Session admin = of(ADMIN);
        for (String sql : List.of(
                "CREATE TABLE x (a INTEGER)",
                "CREATE VIEW xv AS SELECT a FROM x",
                "ALTER TABLE x ADD COLUMN b INTEGER",
                "INSERT INTO x VALUES (1, 2)",
                "DROP TABLE x CASCADE",
                "CHECKPOINT")) {
            run(admin, sql);
        }
    }

    /** Whatever names trades, wherever it stands. */
    private static List<String> touchingTrades() {
        return List.of(
                "SELECT * FROM trades",
                "SELECT * FROM main.trades",
                "SELECT * FROM zepto.main.\"TRADES\"",
                "SELECT nonsense FROM trades",
                "SELECT 1 FROM quotes q JOIN trades t ON q.symbol = t.symbol",
                "SELECT 1 FROM quotes q LEFT JOIN trades t USING (symbol)",
                "SELECT 1 FROM quotes, trades",
                "SELECT 1 FROM quotes q ASOF JOIN trades t ON q.symbol = t.symbol AND q.ts >= t.ts",
                "SELECT 1 FROM quotes WHERE symbol IN (SELECT symbol FROM trades)",
                "SELECT 1 FROM quotes q WHERE EXISTS (SELECT 1 FROM trades t WHERE t.symbol = q.symbol)",
                "SELECT (SELECT max(price) FROM trades)",
                "SELECT * FROM (SELECT * FROM trades) x",
                "WITH x AS (SELECT * FROM trades) SELECT * FROM x",
                "WITH x AS (SELECT * FROM trades) SELECT * FROM quotes",
                "SELECT symbol FROM quotes UNION ALL SELECT symbol FROM trades",
                "SELECT symbol FROM quotes EXCEPT SELECT symbol FROM trades",
                "SELECT symbol FROM quotes WHERE false AND bid IN (SELECT price FROM trades)",
                "SELECT 1 FROM trades WHERE 1 = 0",
                "SELECT ts, avg(price) FROM trades SAMPLE BY 1h",
                "SELECT * FROM trades LATEST ON ts PARTITION BY symbol",
                "SELECT * FROM mixed_view",
                "SELECT count(*) FROM mixed_view",
                "INSERT INTO trades VALUES ('A', 1, '2024-01-01')",
                "INSERT INTO quotes SELECT symbol, price, ts FROM trades",
                "UPDATE trades SET price = 1",
                "UPDATE quotes SET bid = t.price FROM trades t WHERE t.symbol = quotes.symbol",
                "UPDATE quotes SET bid = (SELECT max(price) FROM trades)",
                "DELETE FROM trades",
                "DELETE FROM quotes USING trades t WHERE t.symbol = quotes.symbol",
                "DELETE FROM quotes WHERE bid IN (SELECT price FROM trades)",
                "MERGE INTO quotes q USING trades t ON q.symbol = t.symbol WHEN MATCHED THEN DELETE",
                "MERGE INTO trades t USING quotes q ON q.symbol = t.symbol WHEN MATCHED THEN DELETE",
                "TRUNCATE TABLE trades",
                "COPY trades TO 'x.csv'",
                "COPY (SELECT * FROM trades) TO 'x.csv'",
                "COPY trades FROM 'x.csv'",
                "EXPLAIN SELECT * FROM trades",
                "EXPLAIN ANALYZE SELECT * FROM trades",
                "EXPLAIN INSERT INTO trades VALUES ('A', 1, '2024-01-01')",
                "DESCRIBE trades",
                "SHOW CREATE TABLE trades",
                "SHOW CREATE VIEW mixed_view",
                "DROP TABLE trades",
                "DROP TABLE IF EXISTS trades",
                "DROP VIEW mixed_view",
                "ALTER TABLE trades ADD COLUMN x INTEGER",
                "CREATE TABLE stolen AS SELECT * FROM trades",
                "CREATE VIEW stolen AS SELECT * FROM trades",
                "CREATE TABLE IF NOT EXISTS trades (x INTEGER)");
    }

    @Test
    void noStatementReachesATableThatTheUserMayNotRead() {
        Session restricted = of(WRITER_OF_QUOTES);
        for (String sql : touchingTrades()) {
            try {
                all.prepare(sql).close(); // its plan is in the cache now, for those who may
            } catch (EngineException e) {
                assertThat(sql).containsAnyOf("nonsense", "DROP"); // wrong, or with a view that needs the table
            }
            assertDenied(restricted, sql, "user 'ann' may not ");
        }
        assertThat(rows(all, "SELECT count(*) FROM trades")).containsExactly("2");
    }

    @Test
    void theErrorSaysWhoWhatAndWhatIsNeeded() {
        assertDenied(
                of(READER_OF_QUOTES),
                "SELECT *\nFROM trades",
                "user 'ann' may not read table 'trades': the role is reader on quotes only, needed is the grant read:trades");
        assertThatThrownBy(() -> of(READER_OF_QUOTES).prepare("SELECT *\nFROM trades"))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e.line()).isEqualTo(2);
                    assertThat(e.column()).isEqualTo(6);
                });
        assertDenied(
                of(READER_OF_QUOTES),
                "DELETE FROM Quotes",
                "user 'ann' may not delete from table 'quotes': the role is reader on quotes only, needed is the role writer");
        AccessRights mixed =
                AccessRights.of(UserRole.WRITER, Map.of("quotes", TableRight.WRITE, "trades", TableRight.READ));
        assertDenied(
                of(mixed),
                "DELETE FROM trades",
                "the role is writer on write:quotes, read:trades only, needed is the grant write:trades");
        assertDenied(of(mixed), "SELECT * FROM mixed_view", "needed is the grant read:mixed_view");
        AccessRights half =
                AccessRights.of(UserRole.READER, Map.of("quotes", TableRight.READ, "mixed_view", TableRight.READ));
        assertDenied(of(half), "SELECT * FROM mixed_view", "read view 'mixed_view', which reads 'trades'");
        assertDenied(of(AccessRights.of(UserRole.READER, Map.of())), "SELECT * FROM quotes", "reader on no table");
    }

    @Test
    void aTableThatIsNotThereIsNotThereForAnybody() {
        assertThatThrownBy(() -> of(READER_OF_QUOTES).prepare("SELECT * FROM trade"))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e.sqlState()).isEqualTo("42P01");
                    assertThat(e.getMessage()).doesNotContain("trades");
                });
        assertThatThrownBy(() -> of(READER_OF_QUOTES).prepare("SELECT pric FROM quotes, other"))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.sqlState()).isEqualTo("42501"));
    }

    @Test
    void whoMayNotDefineIsNotToldWhatIsInTheWay() {
        for (String sql : List.of(
                "DROP TABLE quotes",
                "drop table nothing",
                "-- of old\n /* and */ ALTER TABLE quotes DROP COLUMN nothing",
                "ALTER TABLE quotes DROP COLUMN symbol",
                "CREATE TABLE quotes (x INTEGER)")) {
            assertDenied(of(WRITER), sql, "the role is writer, needed is the role admin");
        }
        for (String sql : List.of("DROP TABLE", "DROP TABLE quotes nonsense here")) {
            assertThatThrownBy(() -> of(WRITER).prepare(sql))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.code()).as(sql).isEqualTo(ErrorCode.SYNTAX_ERROR));
        }
    }

    /**
     * The grammar has EXPLAIN of queries and of changes of rows alone: nothing of a definition is planned, told or done behind it. Where it gets more, what is in
     * the way of a definition has to be kept from who may not define, as it is without EXPLAIN.
     */
    @Test
    void noDefinitionIsExplained() {
        List<String> before = rows(all, "SHOW TABLES");
        for (String explain :
                List.of("EXPLAIN ", "EXPLAIN ANALYZE ", "EXPLAIN PLAN FOR ", "EXPLAIN /* x */ EXPLAIN ")) {
            for (String sql : List.of(
                    "DROP TABLE quotes",
                    "DROP VIEW mixed_view",
                    "ALTER TABLE quotes DROP COLUMN bid",
                    "ALTER TABLE trades RENAME TO more",
                    "CREATE TABLE trades (x INTEGER)",
                    "CREATE TABLE fresh AS SELECT * FROM quotes",
                    "CREATE OR REPLACE VIEW open_view AS SELECT 1 AS x",
                    "TRUNCATE TABLE quotes",
                    "COPY quotes TO 'x.csv'",
                    "CHECKPOINT")) {
                for (AccessRights rights : List.of(READER_OF_QUOTES, READER, ADMIN)) {
                    assertThatThrownBy(() -> run(of(rights), explain + sql))
                            .as(explain + sql)
                            .isInstanceOfSatisfying(
                                    EngineException.class,
                                    e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX_ERROR))
                            .hasMessageNotContainingAny("_view", "bars", "trades", "exist");
                }
            }
        }
        assertThat(rows(all, "SHOW TABLES")).isEqualTo(before);
        assertThat(rows(all, "SELECT count(*) FROM quotes")).containsExactly("2");
        assertDenied(of(READER_OF_QUOTES), "EXPLAIN ANALYZE DELETE FROM quotes", "may not delete from table 'quotes'");
    }

    /** A wrong statement is wrong, whatever else is called as a word in it. */
    @Test
    void anErrorOfTheTextStaysOne() {
        for (String sql :
                List.of("SELECT nonsense AS trades FROM quotes", "SELECT symbol FROM quotes SAMPLE BY 1h -- trades")) {
            assertThatThrownBy(() -> of(READER_OF_QUOTES).prepare(sql))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.sqlState()).as(sql).isNotEqualTo("42501"));
        }
    }

    @Test
    void whatTellsOfTablesLeavesTheOthersOut() {
        Session restricted = of(WRITER_OF_QUOTES);
        assertThat(rows(restricted, "SHOW TABLES").toString())
                .contains("quotes", "open_view")
                .doesNotContain("trades");
        for (String sql : List.of(
                "SELECT DISTINCT table_name FROM information_schema.tables",
                "SELECT DISTINCT table_name FROM information_schema.columns",
                "SELECT DISTINCT table_name FROM zepto_columns() WHERE schema_name = 'main'",
                "SELECT DISTINCT table_name FROM zepto_tables()")) {
            assertThat(rows(restricted, sql)).as(sql).containsExactlyInAnyOrder("quotes", "open_view");
            assertThat(rows(all, sql)).as(sql).hasSize(6);
            assertThat(rows(of(READER), sql)).as(sql).hasSize(6);
        }
        assertThat(rows(restricted, "SELECT DISTINCT table_name FROM zepto_segments()"))
                .containsExactly("quotes");
        assertThat(rows(restricted, "SELECT table_name FROM information_schema.views"))
                .containsExactly("open_view");
        Database seen = restricted.database();
        assertThat(seen.tables()).extracting(TableSchema::name).containsExactly("quotes");
        assertThat(seen.views()).extracting(view -> view.name()).containsExactly("open_view");
    }

    /** Whatever the engine tells of itself, also what comes later. */
    @Test
    void noSystemTableTellsOfTablesThatTheUserMayNotRead() {
        Session restricted = of(WRITER_OF_QUOTES);
        List<String> queries = new ArrayList<>();
        SystemTables.DYNAMIC.keySet().forEach(name -> queries.add("SELECT * FROM " + name + "()"));
        SystemTables.informationSchema(Catalog.EMPTY)
                .keySet()
                .forEach(name -> queries.add("SELECT * FROM information_schema." + name));
        assertThat(queries).hasSizeGreaterThan(6);
        try (PreparedQuery other = all.prepare("SELECT * FROM trades");
                var cursor = other.query(List.of(), ExecutionOptions.DEFAULT)) {
            assertThat(cursor.columns()).isNotEmpty();
            for (String sql : queries) {
                assertThat(rows(restricted, sql).toString())
                        .as(sql)
                        .doesNotContain("trades", "mixed_view", "other", "price", "bars");
            }
        }
    }

    /** Each of them is proved by a statement. */
    @Test
    void privilegesAreWhatAUserMayDo() {
        AccessRights mixed =
                AccessRights.of(UserRole.WRITER, Map.of("QUOTES", TableRight.WRITE, "trades", TableRight.READ));
        Map<String, String> statements = Map.of(
                "SELECT", "SELECT * FROM %s",
                "INSERT", "INSERT INTO %s (symbol) SELECT symbol FROM %1$s WHERE false",
                "UPDATE", "UPDATE %s SET symbol = symbol WHERE false",
                "DELETE", "DELETE FROM %s WHERE false");
        List<String> relations = List.of("quotes", "trades", "other", "open_view", "mixed_view", "bars");
        for (AccessRights rights : List.of(ADMIN, WRITER, READER, WRITER_OF_QUOTES, READER_OF_QUOTES, mixed)) {
            Session session = of(rights);
            List<String> expected = new ArrayList<>();
            for (String relation : relations) {
                statements.forEach((privilege, sql) -> {
                    try {
                        run(session, String.format(Locale.ROOT, sql, relation));
                        expected.add(relation + "|ann|" + privilege);
                    } catch (EngineException e) {
                        assertThat(e.sqlState()).as(e.getMessage()).isIn("42501", "42809");
                    }
                });
            }
            assertThat(rows(
                            session,
                            "SELECT table_name || '|' || grantee || '|' || privilege FROM zepto_privileges()"
                                    + " WHERE schema_name = 'main'"))
                    .as(rights.toString())
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
        String everybody = "SELECT DISTINCT grantee FROM zepto_privileges()";
        assertThat(rows(all, everybody)).containsExactly("PUBLIC");
        assertThat(rows(of(AccessRights.of(UserRole.READER, Map.of())), "SELECT table_name FROM zepto_privileges()"))
                .as("information_schema is everybody's")
                .containsExactlyInAnyOrder("columns", "schemata", "tables", "views");
    }

    @Test
    void aPreparedQuestionForPrivilegesTellsThoseOfNow() {
        Ann ann = new Ann(WRITER);
        String sql = "SELECT privilege FROM zepto_privileges() WHERE table_name = 'quotes'";
        try (Session session = of(ann)) {
            assertThat(rows(session, sql)).hasSize(4);
            ann.rights = READER_OF_QUOTES;
            assertThat(rows(session, sql)).containsExactly("SELECT");
            ann.rights = AccessRights.of(UserRole.READER, Map.of());
            assertThat(rows(session, sql)).isEmpty();
        }
    }

    @Test
    void statementsOfOthersAreTheAdministrators() {
        try (PreparedQuery slow = all.prepare("SELECT * FROM quotes");
                var cursor = slow.query(List.of(), ExecutionOptions.DEFAULT)) {
            assertThat(cursor.columns()).isNotEmpty();
            String sql = "SELECT sql_text FROM zepto_queries() WHERE sql_text NOT LIKE '%zepto_queries%'";
            assertThat(rows(of(ADMIN), sql)).containsExactly("SELECT * FROM quotes");
            assertThat(rows(of(WRITER), sql)).isEmpty();
            assertThat(rows(of(WRITER), "SELECT sql_text FROM zepto_queries()")).hasSize(1);
        }
    }

    @Test
    void theDatabaseOfASessionIsBoundToo() {
        Database seen = of(READER_OF_QUOTES).database();
        assertThat(seen.rowCount("quotes")).isEqualTo(2);
        assertThat(seen.table("QUOTES").name()).isEqualTo("quotes");
        for (Runnable call : List.<Runnable>of(
                () -> seen.rowCount("trades"),
                () -> seen.rowCount("trades", "A"),
                () -> seen.columnViews("trades", "A", "price"),
                () -> seen.table("trades"),
                () -> seen.openPipeline("quotes", PipelineOptions.DEFAULT),
                () -> seen.openPipeline("trades", PipelineOptions.DEFAULT),
                () -> seen.append("quotes", null),
                () -> seen.createTable(seen.table("quotes")),
                seen::checkpoint,
                () -> seen.backup("x"),
                () -> seen.openSession(AccessPolicy.of("root", ADMIN)),
                seen::close)) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.sqlState()).isEqualTo("42501"))
                    .hasMessageContaining("user 'ann' may not ");
        }
        try (Session again = seen.openSession()) {
            assertDenied(again, "SELECT * FROM trades", "user 'ann' may not read table 'trades'");
        }
        of(WRITER_OF_QUOTES)
                .database()
                .openPipeline("quotes", PipelineOptions.DEFAULT)
                .close();
        assertThat(database.isClosed()).isFalse();
    }

    @Test
    void aChangeOfRightsReachesStatementsThatArePrepared() {
        Ann ann = new Ann(WRITER);
        Session session = of(ann);
        PreparedQuery select = session.prepare("SELECT * FROM trades");
        PreparedQuery insert = session.prepare("INSERT INTO trades VALUES ('D', 4, '2024-01-01')");
        PreparedQuery drop = session.prepare("SELECT * FROM quotes");
        select.query(List.of(), ExecutionOptions.DEFAULT).close();
        assertThat(insert.update(List.of(), ExecutionOptions.DEFAULT)).isEqualTo(1);

        ann.rights = READER;
        select.query(List.of(), ExecutionOptions.DEFAULT).close();
        assertRefused(() -> insert.update(List.of(), ExecutionOptions.DEFAULT), "42501");
        assertRefused(() -> insert.updateBatch(List.of(List.of()), ExecutionOptions.DEFAULT), "42501");

        ann.rights = READER_OF_QUOTES;
        assertRefused(() -> select.query(List.of(), ExecutionOptions.DEFAULT), "42501");
        assertRefused(select::columns, "42501");
        drop.query(List.of(), ExecutionOptions.DEFAULT).close();

        ann.rights = WRITER;
        select.query(List.of(), ExecutionOptions.DEFAULT).close();
        assertThat(insert.update(List.of(), ExecutionOptions.DEFAULT)).isEqualTo(1);

        ann.gone = true;
        assertRefused(() -> select.query(List.of(), ExecutionOptions.DEFAULT), "28000");
        assertRefused(() -> insert.update(List.of(), ExecutionOptions.DEFAULT), "28000");
        assertRefused(() -> session.prepare("SELECT 1"), "28000");
        select.close();
        insert.close();
        drop.close();
    }

    private static void assertRefused(Runnable call, String state) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.sqlState()).isEqualTo(state));
    }

    @Test
    void insideATransactionToo() {
        Ann ann = new Ann(WRITER);
        Session session = of(ann);
        session.begin();
        run(session, "INSERT INTO trades VALUES ('E', 4, '2024-01-01')");
        ann.rights = READER_OF_QUOTES;
        assertDenied(session, "INSERT INTO trades VALUES ('F', 4, '2024-01-01')", "may not read table 'trades'");
        assertDenied(session, "SELECT * FROM trades", "may not read table 'trades'");
        session.rollback();
    }

    /** A view that keeps what a query asks answers it, whether the user may read the view or not: the right is to what the statement names. */
    @Test
    void aQueryOfATableIsAnsweredFromAViewThatTheUserMayNotRead() {
        Session restricted = of(READER_OF_QUOTES);
        String sql = "SELECT symbol, max(bid) FROM quotes GROUP BY symbol ORDER BY symbol";
        assertThat(rows(restricted, sql)).isEqualTo(rows(all, sql));
        assertThat(rows(restricted, "EXPLAIN " + sql)).isEqualTo(rows(all, "EXPLAIN " + sql));
        assertDenied(restricted, "SELECT * FROM bars", "may not read materialized view 'bars'");
        assertThat(rows(all, "EXPLAIN " + sql).toString()).contains("bars");
    }

    @Test
    void limitsOfAUserAreTighterThanTheDatabases() {
        try (Database limited = Engine.open(Map.of("max_result_rows", "100", "statement_timeout", "5s"));
                Session session = limitedTo(
                        limited,
                        Map.of("max_result_rows", "3", "statement_timeout", "60min", "query_memory_limit", "1MB"))) {
            EngineSession limitedSession = (EngineSession) session;
            assertThat(limitedSession.config().limits().maxResultRows()).isEqualTo(3);
            assertThat(limitedSession.config().limits().statementTimeoutNanos()).isEqualTo(5_000_000_000L);
            assertThat(limitedSession.config().queryMemoryLimitBytes()).isEqualTo(1 << 20);
            assertRefused(() -> rows(session, "SELECT * FROM unnest(ARRAY[1, 2, 3, 4])"), "54000");
            session.update("SET max_result_rows = 2");
            assertRefused(() -> session.update("SET max_result_rows = 50"), "42501");
            assertRefused(() -> session.update("SET query_memory_limit = '2MB'"), "42501");
        }
    }

    /** The plan of the one statement is not that of the other's user. */
    @Test
    void theUserOfAStatementIsItsSessions() {
        String sql = "SELECT {fn USER()}";
        try (Session ann = limitedTo(database, Map.of("max_result_rows", "10"));
                Session bob = database.openSession(AccessPolicy.of("bob", WRITER));
                Session nobody = database.openSession()) {
            assertThat(rows(ann, sql)).containsExactly("ann");
            assertThat(rows(bob, sql)).containsExactly("bob");
            assertThat(rows(nobody, "SELECT {fn USER()} = ''")).containsExactly("true");
            assertThat(rows(bob, "SELECT user_name FROM zepto_session()")).containsExactly("bob");
        }
    }

    private static int threadsOf(Session session) {
        return ((EngineSession) session).config().threads();
    }

    @Test
    void aUserTakesNoMoreThreadsThanItsLimit() {
        int processors = Runtime.getRuntime().availableProcessors();
        try (Database four = Engine.open(Map.of("threads", "4"));
                Session two = limitedTo(four, Map.of("threads", "2"));
                Session one = limitedTo(four, Map.of("threads", "1"));
                Session nine = limitedTo(four, Map.of("threads", "9"));
                Session every = limitedTo(four, Map.of("threads", "0"));
                Session free = four.openSession()) {
            assertThat(threadsOf(two)).isEqualTo(2);
            assertRefused(() -> two.update("SET threads = 3"), "42501");
            assertRefused(() -> two.update("SET threads = 64"), "42501");
            two.update("SET threads = 1");
            assertThat(threadsOf(two)).isEqualTo(1);
            two.update("SET threads = 2");
            assertThat(threadsOf(two)).isEqualTo(2);
            if (processors > 1) {
                assertRefused(() -> one.update("SET threads = 0"), "42501"); // one for each processor
            }
            assertThat(threadsOf(one)).isEqualTo(1);
            assertThat(threadsOf(nine)).as("the database's is tighter").isEqualTo(4);
            nine.update("SET threads = 9"); // as many as the database has, as without a limit
            assertThat(threadsOf(every)).isEqualTo(Math.min(4, processors));
            free.update("SET threads = 64");
            free.update("SET threads = 0");
            assertThat(threadsOf(free)).isEqualTo(processors);
        }
    }

    @Test
    void rightsThatContradictThemselvesAreRefused() {
        assertThatThrownBy(() -> AccessRights.of(UserRole.READER, Map.of("t", TableRight.WRITE)))
                .hasMessage("the role reader cannot have the grant write:t: make it a writer");
        assertThatThrownBy(() -> AccessRights.of(UserRole.ADMIN, Map.of()))
                .hasMessage("the role admin has every right: it takes no grants");
        assertThat(AccessRights.of(UserRole.READER, Map.of("T", TableRight.READ)))
                .isEqualTo(AccessRights.of(UserRole.READER, Map.of("t", TableRight.READ)))
                .hasToString("reader on t only");
        assertThat(AccessRights.ofRole(UserRole.WRITER)).hasToString("writer");
    }
}
