package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.spec.SpecFile;
import io.zeptodb.engine.spec.SpecRecord;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The queries of the engine's spec files give the same through a server as in the process, by our driver to the last digit and by Avatica's own in what its protocol
 * can carry; and statements fail alike. The gate runs every {@value #SHARE}th file; {@code -Dspec.share=1} runs all.
 */
class RemoteSpecTest {
    private static final Path SPECS = Path.of("../engine/src/test/resources/spec");
    private static final int SHARE = 20;
    /** Avatica's client has the calendar of Julius Caesar for what was before. */
    private static final String GREGORIAN = "1583";

    @TestFactory
    Stream<DynamicTest> answersAreThoseOfTheProcess() {
        int share = Integer.getInteger("spec.share", SHARE);
        List<SpecFile> files = SpecFile.below(SPECS);
        assertThat(files).hasSizeGreaterThan(100);
        return IntStream.range(0, files.size())
                .filter(i -> i % share == 0)
                .mapToObj(files::get)
                .filter(RemoteSpecTest::isForOneSession)
                .map(file -> DynamicTest.dynamicTest(file.path(), () -> run(file)));
    }

    /** Files that change what only one session sees are of no use here, nor those that write files. */
    private static boolean isForOneSession(SpecFile file) {
        return file.records().stream().noneMatch(record -> {
            String sql = record.sql().toUpperCase(Locale.ROOT).strip();
            return record.kind() == SpecRecord.Kind.RESTART
                    || sql.startsWith("BEGIN")
                    || sql.startsWith("START TRANSACTION")
                    || sql.startsWith("SET ")
                    || sql.startsWith("COPY")
                    || sql.contains("${")
                    || sql.startsWith("BACKUP");
        });
    }

    private record Clients(Connection local, Connection ours, Connection stock) {}

    private static void run(SpecFile file) throws Exception {
        try (Connection local = DriverManager.getConnection("jdbc:zepto:?threads=1");
                ZeptoServer server = ZeptoServer.builder()
                        .database(local.unwrap(Database.class))
                        .port(0)
                        .start();
                Connection ours = DriverManager.getConnection(server.jdbcUrl());
                Connection stock = DriverManager.getConnection(
                        "jdbc:avatica:remote:url=http://localhost:" + server.port() + "/;serialization=protobuf")) {
            Clients clients = new Clients(local, ours, stock);
            for (SpecRecord record : file.records()) {
                switch (record.kind()) {
                    case OK, CHECKPOINT -> execute(ours, record.sql());
                    case SEAL -> local.unwrap(Database.class).checkpoint();
                    case ERROR -> refused(clients, record);
                    case QUERY -> query(clients, record);
                    case RESTART -> throw new IllegalStateException("files with a restart were left out");
                }
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void refused(Clients clients, SpecRecord record) {
        SQLException expected = failure(clients.local(), record.sql());
        SQLException ours = failure(clients.ours(), record.sql());
        SQLException stock = failure(clients.stock(), record.sql());
        assertThat(ours.getSQLState()).as(record.name()).isEqualTo(expected.getSQLState());
        assertThat(ours.getMessage()).as(record.name()).isEqualTo(expected.getMessage());
        assertThat((Object) ours).as(record.name()).hasSameClassAs(expected);
        assertThat(stock.getSQLState()).as(record.name()).isEqualTo(expected.getSQLState());
        assertThat(stock.getMessage()).as(record.name()).contains(expected.getMessage());
    }

    private static SQLException failure(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        // it may fail in the middle
                    }
                }
            }
        } catch (SQLException e) {
            return e;
        }
        throw new AssertionError("did not fail: " + sql);
    }

    private static void query(Clients clients, SpecRecord record) throws SQLException {
        boolean sorts = record.sort() == SpecRecord.Sort.ROWSORT;
        assertThat(exact(clients.ours(), record.sql(), sorts))
                .as(record.name())
                .isEqualTo(exact(clients.local(), record.sql(), sorts));
        assertThat(inMillis(clients.stock(), record.sql(), sorts))
                .as(record.name())
                .isEqualTo(inMillis(clients.local(), record.sql(), sorts));
    }

    /** The description of the columns, and every value as text. */
    private static List<String> exact(Connection connection, String sql, boolean sorts) throws SQLException {
        List<String> rows = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            ResultSetMetaData meta = result.getMetaData();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                columns.add(meta.getColumnLabel(i) + " " + meta.getColumnTypeName(i) + " " + meta.getColumnType(i) + " "
                        + meta.getPrecision(i) + "," + meta.getScale(i) + " " + meta.isNullable(i) + " "
                        + meta.getTableName(i) + " " + meta.getColumnClassName(i));
            }
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns.size(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(String.join("|", row.stream().map(String::valueOf).toList()));
            }
        }
        if (sorts) {
            Collections.sort(rows);
        }
        rows.addAll(0, columns);
        return rows;
    }

    /** Every value as its type has it, times as milliseconds, what the protocol has no type for as text. */
    private static List<String> inMillis(Connection connection, String sql, boolean sorts) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    row.append(comparable(result, i)).append('|');
                }
                rows.add(row.toString());
            }
        }
        if (sorts) {
            Collections.sort(rows);
        }
        return rows;
    }

    private static Object comparable(ResultSet result, int column) throws SQLException {
        int type = result.getMetaData().getColumnType(column);
        if (type == Types.ARRAY || type == Types.STRUCT || type == Types.OTHER) {
            return Objects.requireNonNullElse(result.getString(column), "NULL");
        }
        Object value = result.getObject(column);
        if (value instanceof Timestamp timestamp) {
            String text = new Timestamp(timestamp.getTime()).toString(); // without what is below a millisecond
            return text.compareTo(GREGORIAN) < 0 ? "long ago" : text;
        } else if (value instanceof Time time) {
            return time.getTime();
        } else if (value instanceof java.sql.Date date) {
            return date.toString().compareTo(GREGORIAN) < 0 ? "long ago" : date.toString();
        } else if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        } else if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return Objects.requireNonNullElse(value, "NULL");
    }
}
