package io.zeptodb.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.catalog.SchemaChange;
import io.zeptodb.engine.plan.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** UPDATE, DELETE, ALTER TABLE and the statements of transactions: what they become. */
class ChangeStatementsTest {
    private static final long DAY = 86_400_000_000_000L;

    private static Statement ready(String sql) {
        return ((ValidatedStatement.Ready) SqlFrontEndFixture.validate(sql)).statement();
    }

    private static List<SchemaChange> altered(String action) {
        Statement.AlterTable alter = (Statement.AlterTable) ready("ALTER TABLE trades " + action);
        assertThat(alter.table().name()).isEqualTo("trades");
        return alter.changes();
    }

    private static void refused(String sql, String state, int column, String message) {
        assertThatThrownBy(() -> SqlFrontEndFixture.validate(sql)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.sqlState()).as(e.getMessage()).isEqualTo(state);
            assertThat(e.getMessage()).contains(message);
            assertThat(e.line()).isEqualTo(1);
            assertThat(e.column()).as(e.getMessage()).isEqualTo(column);
        });
    }

    @Test
    void updateHasItsParametersInTheOrderOfTheText() {
        ValidatedStatement.Update update = (ValidatedStatement.Update) SqlFrontEndFixture.validate(
                "UPDATE trades SET ts = ?, price = ? * price, symbol = ? WHERE volume > ? AND price BETWEEN ? AND 5");
        assertThat(update.ordinals()).containsExactly(3, 1, 0);
        assertThat(update.parameters())
                .containsExactly(
                        ColumnType.TIMESTAMP_NS,
                        ColumnType.DOUBLE,
                        ColumnType.VARCHAR,
                        ColumnType.BIGINT,
                        ColumnType.DOUBLE);
        ValidatedStatement.Delete delete =
                (ValidatedStatement.Delete) SqlFrontEndFixture.validate("DELETE FROM trades WHERE ts < ?");
        assertThat(delete.parameters()).containsExactly(ColumnType.TIMESTAMP_NS);
        assertThat(delete.source().fields.leftList()).hasSize(1);
    }

    @Test
    void columnsAreAddedDroppedAndRenamed() {
        ColumnDefinition note = new ColumnDefinition("note", ColumnType.VARCHAR, true);
        assertThat(altered("ADD COLUMN note VARCHAR")).containsExactly(new SchemaChange.AddColumn(note));
        assertThat(altered("ADD IF NOT EXISTS note TEXT")).containsExactly(new SchemaChange.AddColumn(note));
        assertThat(altered("ADD COLUMN IF NOT EXISTS PRICE DOUBLE")).isEmpty();
        assertThat(altered("DROP COLUMN price")).containsExactly(new SchemaChange.DropColumn("price"));
        assertThat(altered("DROP IF EXISTS prise")).isEmpty();
        assertThat(altered("RENAME COLUMN price TO p")).containsExactly(new SchemaChange.RenameColumn("price", "p"));
        assertThat(altered("RENAME price TO p")).containsExactly(new SchemaChange.RenameColumn("price", "p"));
        assertThat(altered("RENAME TO ticks")).containsExactly(new SchemaChange.RenameTable("ticks"));
        assertThat(altered("ADD note VARCHAR, DROP price, RENAME note TO price"))
                .containsExactly(
                        new SchemaChange.AddColumn(note),
                        new SchemaChange.DropColumn("price"),
                        new SchemaChange.RenameColumn("note", "price"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 DAYS|30",
                "1 day|1",
                "'30 days'|30",
                "INTERVAL '30' DAY|30",
                "2 WEEKS|14",
                "48 HOURS|2",
                "1 MONTH|30",
                "1 YEAR|365",
                "NONE|0"
            })
    void aTtlIsALengthOfTime(String age, long days) {
        // double quotes of CsvSource do not reach here
        String text = age.startsWith("30 days") ? "'" + age + "'" : age.replace("INTERVAL 30 ", "INTERVAL '30' ");
        assertThat(altered("SET TTL " + text)).containsExactly(new SchemaChange.SetTtl(days * DAY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WARM 7 DAYS COLD 30 DAYS",
                "warm 1 week, cold '30 days'",
                "TO WARM AFTER 7 DAYS TO COLD AFTER 1 MONTH",
                "TO warm AFTER INTERVAL '7' DAY, TO cold AFTER 30 days"
            })
    void aStoragePolicyIsKeptAsOneText(String policy) {
        assertThat(altered("SET STORAGE POLICY " + policy))
                .containsExactly(new SchemaChange.SetStoragePolicy("WARM 7 DAYS, COLD 30 DAYS"));
    }

    @Test
    void aStoragePolicyCanEndInDropAndBeTakenBack() {
        assertThat(altered("SET STORAGE POLICY HOT 1 DAYS DROP 365 DAYS"))
                .containsExactly(new SchemaChange.SetStoragePolicy("HOT 1 DAYS, DROP 365 DAYS"));
        assertThat(altered("SET STORAGE POLICY NONE")).containsExactly(new SchemaChange.SetStoragePolicy(""));
    }

    @Test
    void whatAlterTableRefusesHasAPlace() {
        refused("ALTER TABLE trade ADD x INT", "42P01", 13, "did you mean 'trades'?");
        refused("ALTER TABLE trades ADD price INT", "42701", 24, "'price' already");
        refused("ALTER TABLE trades ADD x NOTYPE", "42704", 26, "NOTYPE");
        refused("ALTER TABLE trades ADD x INT DEFAULT 5", "0A000", 30, "DEFAULT");
        refused("ALTER TABLE trades DROP prise", "42703", 25, "did you mean 'price'?");
        refused("ALTER TABLE trades DROP symbol", "42P16", 25, "partition key");
        refused("ALTER TABLE trades DROP ts", "42P16", 25, "designated timestamp");
        refused("ALTER TABLE trades RENAME price TO TS", "42701", 27, "'TS' already");
        refused("ALTER TABLE trades RENAME TO quotes", "42P07", 30, "'quotes' exists already");
        refused("ALTER TABLE trades ALTER COLUMN price TYPE INT", "0A000", 20, "ALTER COLUMN");
        refused("ALTER TABLE trades SET ATTRIBUTE prise SORTED", "42703", 34, "did you mean 'price'?");
        refused("ALTER TABLE trades SET TTL 0 DAYS", "22023", 20, "NONE is no end");
        refused("ALTER TABLE trades SET TTL 5 FEET", "22007", 20, "'5 FEET' is no length of time");
        refused("ALTER TABLE trades SET TTL 400 YEARS", "22008", 20, "292 years");
        refused("ALTER TABLE trades SET STORAGE POLICY ICE 5 DAYS", "22023", 39, "HOT, WARM, COLD, DROP");
        refused("ALTER TABLE trades SET STORAGE POLICY COLD 5 DAYS WARM 6 DAYS", "22023", 51, "in this order");
        refused("ALTER TABLE trades SET STORAGE POLICY WARM 5 DAYS COLD 5 DAYS", "22023", 51, "grow from tier to tier");
    }

    @ParameterizedTest
    @CsvSource({
        "BEGIN,false",
        "BEGIN WORK,false",
        "BEGIN TRANSACTION READ WRITE,false",
        "begin read only,true",
        "START TRANSACTION,false",
        "START TRANSACTION READ ONLY,true",
        "START TRANSACTION ISOLATION LEVEL READ COMMITTED READ ONLY,true",
        "BEGIN ISOLATION LEVEL REPEATABLE READ,false"
    })
    void aTransactionBegins(String sql, boolean readOnly) {
        assertThat(ready(sql)).isEqualTo(new Statement.Begin(readOnly));
    }

    @Test
    void aTransactionEnds() {
        for (String sql : List.of("COMMIT", "COMMIT WORK", "commit transaction", "END", "END TRANSACTION")) {
            assertThat(ready(sql)).isEqualTo(new Statement.Commit());
        }
        for (String sql : List.of("ROLLBACK", "ROLLBACK WORK", "rollback transaction;")) {
            assertThat(ready(sql)).isEqualTo(new Statement.Rollback());
        }
        refused("ROLLBACK TO SAVEPOINT x", "0A000", 10, "ROLLBACK TO SAVEPOINT");
        refused("BEGIN ISOLATION LEVEL SERIALIZABLE", "0A000", 23, "SERIALIZABLE");
    }

    @Test
    void statementsThatWriteAreTold() {
        for (String sql : List.of(
                "ALTER TABLE trades RENAME TO x",
                "TRUNCATE trades",
                "DROP TABLE trades",
                "CREATE TABLE x (a INT)",
                "COPY trades FROM 'x.csv'")) {
            assertThat(ready(sql).writes()).as(sql).isTrue();
        }
        for (String sql : List.of("BEGIN", "COMMIT", "CHECKPOINT", "BACKUP TO 'x'", "SHOW TABLES", "SET threads = 1")) {
            assertThat(ready(sql).writes()).as(sql).isFalse();
        }
        assertThat(ready("BACKUP TO '/tmp/x'")).isEqualTo(new Statement.Backup("/tmp/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup", "dedup", "keys", "policy", "rename", "storage", "ttl", "add", "work", "level"})
    void newWordsAreStillNames(String word) {
        assertThat(ready("CREATE TABLE x (" + word + " DOUBLE, b INT)")).isNotNull();
        assertThat(SqlFrontEndFixture.query("SELECT " + word + " FROM (VALUES (1)) AS " + word + "(" + word + ")")
                        .root()
                        .fields
                        .leftList())
                .hasSize(1);
        assertThat(altered("ADD " + word + " INT")).hasSize(1);
    }
}
