package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Hashtable;
import java.util.List;
import javax.naming.RefAddr;
import javax.naming.Reference;
import javax.naming.StringRefAddr;
import javax.naming.spi.NamingManager;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A data source that was bound in JNDI or serialized is the same again. */
class BoundDataSourceTest {
    private static ZeptoDataSource source() {
        ZeptoDataSource source = new ZeptoDataSource("jdbc:zepto:mem:bound");
        source.setThreads(1);
        source.setMaxResultRows(2);
        source.setLoginTimeout(7);
        source.setLogWriter(new PrintWriter(Writer.nullWriter()));
        return source;
    }

    private static void check(Object made) throws SQLException {
        ZeptoDataSource source = (ZeptoDataSource) made;
        assertThat(source.getUrl()).isEqualTo("jdbc:zepto:mem:bound");
        assertThat(source.getLoginTimeout()).isEqualTo(7);
        assertThat(source.getLogWriter()).isNull();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> {
                        try (ResultSet rows = statement.executeQuery("SELECT * FROM (VALUES (1), (2), (3))")) {
                            while (rows.next()) {}
                        }
                    })
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("max_result_rows");
        }
    }

    @Test
    void jndiMakesItOfItsReference() throws Exception {
        Reference reference = source().getReference();
        check(NamingManager.getObjectInstance(reference, null, null, new Hashtable<>()));
    }

    @Test
    void aContainersReferenceIsTakenAndOthersAreNot() throws Exception {
        String factory = ZeptoDataSourceFactory.class.getName();
        Reference resource = new Reference(DataSource.class.getName(), factory, null);
        for (RefAddr address : List.of(
                new StringRefAddr("url", "jdbc:zepto:mem:bound"),
                new StringRefAddr("scope", "Shareable"),
                new StringRefAddr("auth", "Container"),
                new StringRefAddr("loginTimeout", "7"),
                new StringRefAddr("max_result_rows", "2"))) {
            resource.add(address);
        }
        check(NamingManager.getObjectInstance(resource, null, null, new Hashtable<>()));
        Reference other = new Reference("java.lang.String", factory, null);
        assertThat(new ZeptoDataSourceFactory().getObjectInstance(other, null, null, null))
                .isNull();
        assertThat(new ZeptoDataSourceFactory().getObjectInstance("x", null, null, null))
                .isNull();
    }

    @Test
    void serializedItIsTheSame() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(source());
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            check(in.readObject());
        }
    }
}
