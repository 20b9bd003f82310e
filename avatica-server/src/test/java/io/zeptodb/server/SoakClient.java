package io.zeptodb.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/**
 * What one client of the soak does: it writes numbers from 0 on under its own name, in commits of several rows, and checks what it and the others have
 * written. In whatever snapshot, the numbers of a name begin with 0, and none is missing or there twice. Also the program of a process that is killed.
 */
final class SoakClient {
    static final String TABLE = "CREATE TABLE soak (client SYMBOL, seq BIGINT, v DOUBLE)";
    static final String TALLY = "CREATE TABLE tally (id INTEGER, n BIGINT)";

    private static final String CHECK =
            "SELECT client, count(*), min(seq), max(seq), sum(seq), sum(v) FROM soak GROUP BY client";
    private static final String CONFLICT = "40001";
    private static final int ROWS_OF_COMMIT = 50;
    private static final int TALLIES = 8;
    private static final int KINDS = 12;

    private final String name;
    private final SplittableRandom random;
    private long next;
    private long added;
    private long checked;

    SoakClient(String name, long seed) {
        this.name = name;
        this.random = new SplittableRandom(seed);
    }

    /** Rows that this one has written, and knows to be stored. */
    long written() {
        return next;
    }

    /** Times that it has added one to a tally, and knows it. */
    long added() {
        return added;
    }

    /** Answers that it has checked. */
    long checked() {
        return checked;
    }

    static void fill(Statement statement) throws SQLException {
        statement.execute(TABLE);
        statement.execute(TALLY);
        for (int i = 0; i < TALLIES; i++) {
            statement.execute("INSERT INTO tally VALUES (" + i + ", 0)");
        }
    }

    /** One thing, chosen at random; the connection is as it was afterwards. */
    void step(Connection connection) throws SQLException {
        step(connection, random.nextInt(KINDS));
    }

    /** Everything that a step may do. */
    void everyStep(Connection connection) throws SQLException {
        for (int kind = 0; kind < KINDS; kind++) {
            step(connection, kind);
        }
        for (int id = 0; id < TALLIES; id++) {
            add(connection, id);
        }
    }

    private void step(Connection connection, int kind) throws SQLException {
        switch (kind) {
            case 0, 1, 2, 3 -> write(connection);
            case 4 -> writeAndRollBack(connection);
            case 5 -> add(connection, random.nextInt(TALLIES));
            case 6, 7 -> checkOwn(connection);
            case 8 -> checkAll(connection);
            case 9 -> readSome(connection);
            case 10 -> refused(connection);
            default -> timeOut(connection);
        }
    }

    private void addRows(PreparedStatement insert, long from) throws SQLException {
        for (long seq = from; seq < from + ROWS_OF_COMMIT; seq++) {
            insert.setString(1, name);
            insert.setLong(2, seq);
            insert.setDouble(3, seq / 2.0);
            insert.addBatch();
        }
    }

    private void write(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO soak VALUES (?, ?, ?)")) {
            addRows(insert, next);
            insert.executeBatch();
            next += ROWS_OF_COMMIT;
        }
    }

    private void writeAndRollBack(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO soak VALUES (?, ?, ?)")) {
            addRows(insert, next);
            insert.executeBatch();
            expect(count(connection) == next + ROWS_OF_COMMIT, "a transaction does not see its own rows");
            connection.rollback();
            expect(count(connection) == next, "rows that were rolled back are there");
            connection.rollback();
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private long count(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT count(*) FROM soak WHERE client = ?")) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                expect(rows.next(), "count(*) gives no row");
                return rows.getLong(1);
            }
        }
    }

    /** Adds one to a tally; who was faster wins, the other one is told so. */
    private void add(Connection connection, int id) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            int changed = statement.executeUpdate("UPDATE tally SET n = n + 1 WHERE id = " + id);
            expect(changed == 1, "an UPDATE changed " + changed + " rows");
            connection.commit();
            added++;
        } catch (SQLException e) {
            if (!CONFLICT.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback();
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void checkOwn(Connection connection) throws SQLException {
        expect(count(connection) == next, "rows that were acknowledged are not there, or others are");
    }

    private void checkAll(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CHECK)) {
            while (rows.next()) {
                long count = rows.getLong(2);
                boolean right = rows.getLong(3) == 0
                        && rows.getLong(4) == count - 1
                        && rows.getLong(5) == count * (count - 1) / 2
                        && rows.getDouble(6) == count * (count - 1) / 4.0
                        && count % ROWS_OF_COMMIT == 0;
                expect(
                        right,
                        "rows of '" + rows.getString(1) + "' are missing or there twice: count " + count + ", max "
                                + rows.getLong(4) + ", sum " + rows.getLong(5));
            }
        }
    }

    /** The beginning of a result that nobody reads to its end. */
    private void readSome(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT seq, v FROM soak")) {
            int most = random.nextInt(20_000);
            for (int i = 0; i < most && rows.next(); i++) {
                expect(rows.getDouble(2) == rows.getLong(1) / 2.0, "a row has the value of another one");
            }
        }
    }

    private void refused(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT nothing FROM soak");
            expect(false, "a column that is not there was read");
        } catch (SQLException e) {
            expect("42703".equals(e.getSQLState()), "expected 42703, got " + e.getSQLState());
        }
    }

    private void timeOut(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Thread canceller = new Thread(() -> {
                try {
                    statement.cancel();
                } catch (SQLException e) {
                    // it has ended, and is closed
                }
            });
            canceller.start();
            try (ResultSet rows = statement.executeQuery(
                    "SELECT count(*) FROM soak a, tally b, tally c WHERE a.seq + b.n + c.n < 0")) {
                expect(rows.next() && rows.getLong(1) == 0, "a count is wrong");
            } catch (SQLException e) {
                expect("57014".equals(e.getSQLState()), "expected 57014, got " + e.getSQLState());
            }
            canceller.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void expect(boolean right, String otherwise) {
        checked++;
        if (!right) {
            throw new IllegalStateException("wrong answer for '" + name + "': " + otherwise);
        }
    }

    /** Arguments: URL, name, seed. Works until it is killed. */
    public static void main(String[] arguments) throws SQLException {
        SoakClient client = new SoakClient(arguments[1], Long.parseLong(arguments[2]));
        try (Connection connection = DriverManager.getConnection(arguments[0])) {
            while (true) {
                client.step(connection);
            }
        }
    }
}
