package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CSV files as other programs leave them: with a byte order mark, torn, damaged. */
class CopyCsvTest {
    private static final String MARK = "\uFEFF";

    @TempDir
    private Path folder;

    private final Database database = Engine.open(Map.of());
    private final Session session = database.openSession();

    @BeforeEach
    void makeTable() {
        session.update("CREATE TABLE t (a INTEGER, b VARCHAR)");
    }

    @AfterEach
    void close() {
        session.close();
        database.close();
    }

    private String file(String name, byte[] content) throws IOException {
        return "'" + Files.write(folder.resolve(name), content) + "'";
    }

    private String file(String content) throws IOException {
        return file("t.csv", content.getBytes(StandardCharsets.UTF_8));
    }

    private void refused(String state, String message, String sql) {
        assertThatThrownBy(() -> session.update(sql)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.sqlState()).isEqualTo(state);
            assertThat(e).hasMessageContaining(message);
        });
        assertThat(SpecAnswer.rows(session, "SELECT count(*) FROM t")).containsExactly("0");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() throws IOException {
        session.update("COPY t FROM " + file(MARK + "a,b\n1,x\n"));
        session.update("COPY t FROM " + file(MARK + "\"a\",\"b\"\n2,x\n"));
        session.update("COPY t FROM " + file(MARK + "3,x\n") + " WITH (header = false)");
        session.update("COPY t FROM " + file(MARK) + " WITH (header = false)");
        assertThat(SpecAnswer.rows(session, "SELECT a FROM t ORDER BY a")).containsExactly("1", "2", "3");
    }

    @Test
    void aQuoteThatIsNotClosedIsAnError() throws IOException {
        refused(
                "22P04",
                "after line 2: a quote is not closed: is the file torn?",
                "COPY t FROM " + file("a,b\n1,x\n2,\"abc\n3,y\n"));
        refused("22P04", "a quote is not closed", "COPY t FROM " + file("a,b\n2,\"abc"));
        refused("22P04", "a quote is not closed", "COPY t FROM " + file("a,b\n2,\""));
        refused("22P04", "a quote is not closed", "COPY t FROM " + file("a,\"b\n"));
        refused(
                "22P04",
                "a quote is not closed",
                "COPY t FROM " + file("a,b\n1,2\n\"3,4\n5,6\n") + " WITH (on_error = 'skip')");
        assertThat(session.update("COPY t FROM " + file("a,b\n1,\"x\"\"\"\n2,y\"z\n3,\"w\"")))
                .isEqualTo(3);
        assertThat(SpecAnswer.rows(session, "SELECT b FROM t ORDER BY a")).containsExactly("x\"", "y\"z", "w");
    }

    @Test
    void aFieldMayHaveAsManyCharactersAsIsSaid() throws IOException {
        String longest = "y".repeat(16 << 20);
        assertThat(session.update("COPY t FROM " + file("a,b\n1," + longest + "\n2,\"" + longest + "\"\n")))
                .isEqualTo(2);
        assertThat(SpecAnswer.rows(session, "SELECT DISTINCT length(b) FROM t")).containsExactly("16777216");
        session.update("TRUNCATE TABLE t");
        refused(
                "22P04",
                "a field of more than 16777216 characters",
                "COPY t FROM " + file("a,b\n1," + longest + "y\n"));
    }

    @Test
    void aCompressedFileThatIsTornSaysSo() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(("a,b\n" + "1,some text\n".repeat(20_000)).getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = bytes.toByteArray();
        refused(
                "58030",
                "the compressed data ends before its end: the file is torn",
                "COPY t FROM " + file("t.csv.gz", Arrays.copyOf(whole, whole.length / 2)));
        refused(
                "58030",
                "the compressed data is damaged: Not in GZIP format",
                "COPY t FROM " + file("t.csv.gz", "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(session.update("COPY t FROM " + file("t.csv.gz", whole))).isEqualTo(20_000);
    }

    @Test
    void bytesThatAreNoTextAreFoundBeforeTheFirstLineToo() throws IOException {
        refused(
                "22P04",
                "t.csv': bytes that are not UTF-8",
                "COPY t FROM " + file("t.csv", "a,b\n1,\u00e9\n".getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Behind a carriage return in quotes the line feed of the line is one. */
    @Test
    void carriageReturnsInQuotesEndNoLine() throws IOException {
        session.update(
                "INSERT INTO t VALUES (1, 'x' || chr(13)), (2, chr(13) || 'y'), (3, 'a' || chr(13) || 'b'), (4, chr(13) || chr(10)),"
                        + " (5, chr(13) || chr(13)), (6, 'plain'), (7, chr(13) || '\"'), (8, chr(13))");
        List<String> all = SpecAnswer.rows(session, "SELECT * FROM t ORDER BY a");
        for (boolean header : new boolean[] {true, false}) {
            String file = "'" + folder.resolve("returns.csv") + "' WITH (header = " + header + ")";
            session.update("COPY (SELECT * FROM t ORDER BY a) TO " + file);
            session.update("DELETE FROM t");
            session.update("COPY t FROM " + file);
            assertThat(SpecAnswer.rows(session, "SELECT * FROM t ORDER BY a")).isEqualTo(all);
        }
        session.update("CREATE TABLE texts (b VARCHAR)");
        session.update("COPY (SELECT b FROM t) TO '" + folder.resolve("one.csv") + "'");
        session.update("COPY texts FROM '" + folder.resolve("one.csv") + "'");
        assertThat(SpecAnswer.rows(session, "SELECT b FROM texts EXCEPT ALL SELECT b FROM t"))
                .isEmpty();
        assertThat(SpecAnswer.rows(session, "SELECT count(*) FROM texts")).containsExactly("8");
    }

    @Test
    void linesMayEndByCarriageReturns() throws IOException {
        session.update("COPY t FROM " + file("a,b\r1,\"x\ry\"\r2,\"z\"\r"));
        session.update("COPY t FROM " + file("\"a\",b\r\n3,\"x\ry\"\r\n4,z\r\n5,w\r"));
        session.update("COPY t FROM " + file("6,\"\"\"x\ry\"\r7,z") + " WITH (header = false)");
        assertThat(SpecAnswer.rows(session, "SELECT a, replace(b, chr(13), '+') FROM t ORDER BY a"))
                .containsExactly("1\tx+y", "2\tz", "3\tx+y", "4\tz", "5\tw", "6\t\"x+y", "7\tz");
        session.update("TRUNCATE TABLE t");
        refused(
                "22P04",
                "after line 1: a carriage return outside of quotes",
                "COPY t FROM " + file("a,b\n1,x\ry\n2,z\n"));
    }

    /** However the reader's buffer falls. */
    @Test
    void carriageReturnsAreFoundAtTheEndsOfBuffers() throws IOException {
        StringBuilder text = new StringBuilder("a,b\n");
        for (int i = 0; i < 20_000; i++) {
            text.append(i).append(",\"").append("x".repeat(i % 13)).append(i % 2 == 0 ? "\r\"\n" : "\r\ny\"\r\n");
        }
        assertThat(session.update("COPY t FROM " + file(text.toString()))).isEqualTo(20_000);
        assertThat(SpecAnswer.rows(
                        session,
                        "SELECT count(*) FROM t WHERE length(b) = a % 13 + CASE WHEN a % 2 = 0 THEN 1 ELSE 3 END"))
                .containsExactly("20000");
    }
}
