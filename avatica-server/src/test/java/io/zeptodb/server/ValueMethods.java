package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Calls every method of Blob, Clob, NClob, Array and Struct, and asks every column for objects of every class. */
abstract class ValueMethods extends ScrollConformance {
    private static String read(Reader reader) throws IOException {
        StringWriter text = new StringWriter();
        reader.transferTo(text);
        return text.toString();
    }

    @Test
    void everyMethodOfABlobDoesWhatItSays() throws SQLException, IOException {
        RecordedCalls calls = new RecordedCalls();
        Blob blob = calls.of(Blob.class, connection.createBlob());
        assertThat(blob.length()).isZero();
        assertThat(blob.setBytes(1, new byte[] {1, 2, 3, 4})).isEqualTo(4);
        assertThat(blob.setBytes(4, new byte[] {9, 5, 6, 9}, 1, 2)).isEqualTo(2);
        assertThat(blob.getBytes(1, 100)).containsExactly(1, 2, 3, 5, 6);
        try (OutputStream out = blob.setBinaryStream(6)) {
            out.write(7);
            out.write(new byte[] {8, 8});
        }
        blob.truncate(7);
        assertThat(blob.length()).isEqualTo(7);
        try (InputStream all = blob.getBinaryStream();
                InputStream part = blob.getBinaryStream(2, 3)) {
            assertThat(all.readAllBytes()).containsExactly(1, 2, 3, 5, 6, 7, 8);
            assertThat(part.readAllBytes()).containsExactly(2, 3, 5);
        }
        assertThat(blob.position(new byte[] {5, 6}, 1)).isEqualTo(4);
        assertThat(blob.position(new byte[] {5, 6}, 5)).isEqualTo(-1);
        Blob pattern = connection.createBlob();
        pattern.setBytes(1, new byte[] {7});
        assertThat(blob.position(pattern, 1)).isEqualTo(6);
        assertThatThrownBy(() -> blob.getBytes(0, 1)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> blob.getBytes(9, 1)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> blob.getBytes(1, -1)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> blob.truncate(8)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> blob.getBinaryStream(2, 30)).isInstanceOf(SQLException.class);
        blob.free();
        blob.free();
        RecordedCalls.assertRefused(
                Blob.class,
                blob,
                name -> !name.equals("free") && !name.equals("position") && !name.equals("setBytes"),
                "24000");
        calls.assertComplete(Blob.class);
    }

    @Test
    void everyMethodOfAClobDoesWhatItSays() throws SQLException, IOException {
        RecordedCalls calls = new RecordedCalls();
        characters(calls.of(Clob.class, connection.createClob()));
        characters(calls.of(NClob.class, connection.createNClob()));
        calls.assertComplete(Clob.class);
        calls.assertComplete(NClob.class);
    }

    private void characters(Clob clob) throws SQLException, IOException {
        assertThat(clob.length()).isZero();
        assertThat(clob.setString(1, "naïve")).isEqualTo(5);
        assertThat(clob.setString(6, "x € y", 1, 3)).isEqualTo(3);
        assertThat(clob.getSubString(1, 100)).isEqualTo("naïve € ");
        try (Writer writer = clob.setCharacterStream(9)) {
            writer.write("tail");
        }
        try (OutputStream out = clob.setAsciiStream(13)) {
            out.write("end".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(read(clob.getCharacterStream())).isEqualTo("naïve € tailend");
        assertThat(read(clob.getCharacterStream(9, 4))).isEqualTo("tail");
        clob.truncate(12);
        assertThat(clob.length()).isEqualTo(12);
        assertThat(clob.position("tail", 1)).isEqualTo(9);
        assertThat(clob.position("tail", 10)).isEqualTo(-1);
        Clob pattern = connection.createClob();
        pattern.setString(1, "€");
        assertThat(clob.position(pattern, 1)).isEqualTo(7);
        clob.setString(3, "i");
        try (InputStream ascii = clob.getAsciiStream()) {
            assertThat(new String(ascii.readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("naive ? tail");
        }
        assertThatThrownBy(() -> clob.getSubString(0, 1)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> clob.truncate(13)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> clob.setString(14, "x")).isInstanceOf(SQLException.class);
        try (PreparedStatement select = connection.prepareStatement("SELECT CAST(? AS VARCHAR)")) {
            select.setClob(1, clob);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("naive € tail");
            }
        }
        clob.free();
        RecordedCalls.assertRefused(
                Clob.class,
                clob,
                name -> name.startsWith("get") || name.equals("length") || name.equals("truncate"),
                "24000");
    }

    @Test
    void everyMethodOfArrayAndStructDoesWhatItSays() throws SQLException {
        RecordedCalls calls = new RecordedCalls();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT ARRAY[1, 2, 3] AS a, ROW(1, 'x') AS r")) {
            assertThat(rows.next()).isTrue();
            Array array = calls.of(Array.class, rows.getArray(1));
            assertThat(array.getBaseType()).isEqualTo(Types.INTEGER);
            assertThat(array.getBaseTypeName()).isEqualTo("INTEGER");
            assertThat((Object[]) array.getArray()).containsExactly(1, 2, 3);
            assertThat((Object[]) array.getArray(Map.of())).hasSize(3);
            assertThat((Object[]) array.getArray(2, 1)).containsExactly(2);
            assertThat((Object[]) array.getArray(2, 9, Map.of())).containsExactly(2, 3);
            try (ResultSet all = array.getResultSet();
                    ResultSet mapped = array.getResultSet(Map.of());
                    ResultSet some = array.getResultSet(3, 1);
                    ResultSet someMapped = array.getResultSet(3, 1, Map.of())) {
                for (ResultSet elements : List.of(all, mapped, some, someMapped)) {
                    assertThat(elements.next()).isTrue();
                    assertThat(elements.getInt("VALUE")).isEqualTo(elements.getInt("INDEX"));
                }
            }
            Struct row = calls.of(Struct.class, rows.getObject(2, Struct.class));
            assertThat(row.getAttributes()).containsExactly(1, "x");
            assertThat(row.getAttributes(Map.of())).containsExactly(1, "x");
            assertThat(row.getSQLTypeName()).startsWith("ROW(");
            assertThatThrownBy(() -> row.getAttributes(Map.of("x", String.class)))
                    .isInstanceOf(SQLException.class);
            array.free();
            assertThatThrownBy(array::getArray).isInstanceOf(SQLException.class);
        }
        calls.assertComplete(Array.class);
        calls.assertComplete(Struct.class);
        for (String refused : new String[] {"createArrayOf", "createStruct", "createSQLXML"}) {
            RecordedCalls.assertRefused(java.sql.Connection.class, connection, refused::equals, "0A000");
        }
    }

    @Test
    void aTextIsReadAsEveryClassThatItCanBe() throws SQLException, IOException {
        UUID id = UUID.fromString("12345678-1234-1234-1234-123456789abc");
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT '2024-08-09 00:05:04.525430833' AS ts, '" + id
                        + "' AS id, 'text' AS v, X'00ff' AS bin, 'true' AS b")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getObject("ts", OffsetDateTime.class)).isEqualTo(EXACT.atOffset(java.time.ZoneOffset.UTC));
            assertThat(row.getObject("ts", ZonedDateTime.class)).isEqualTo(EXACT.atZone(java.time.ZoneOffset.UTC));
            assertThat(row.getObject("id", UUID.class)).isEqualTo(id);
            assertThat(row.getObject("b", Boolean.class)).isTrue();
            assertThat(row.getObject("v", Clob.class).getSubString(1, 4)).isEqualTo("text");
            assertThat(row.getObject("v", NClob.class).length()).isEqualTo(4);
            assertThat(read(row.getObject("v", Reader.class))).isEqualTo("text");
            assertThat(row.getObject("bin", Blob.class).length()).isEqualTo(2);
            assertThat(row.getObject("bin", InputStream.class).readAllBytes()).containsExactly(0, -1);
            assertThatThrownBy(() -> row.getClob("bin")).hasMessageContaining("CLOB");
            assertThatThrownBy(() -> row.getObject("v", UUID.class)).hasMessageContaining("UUID");
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT v, bin, l FROM every WHERE id = 2")) {
            assertThat(row.next()).isTrue();
            assertThat((Object) row.getClob(1)).isNull();
            assertThat((Object) row.getBlob(2)).isNull();
            assertThat((Object) row.getObject(1, Reader.class)).isNull();
            assertThat(row.wasNull()).isTrue();
            assertThat((Object) row.getRef(3)).isNull();
        }
    }
}
