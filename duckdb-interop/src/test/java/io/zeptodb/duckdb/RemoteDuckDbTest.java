package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.zeptodb.engine.api.Database;
import io.zeptodb.server.ZeptoServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same of a database behind a server, whose results come as Arrow. */
class RemoteDuckDbTest extends ZeptoDuckDbTest {
    private ZeptoServer server;

    /** In the connection's URL. */
    String options() {
        return "?compression=lz4";
    }

    @Override
    Connection connect(Connection inProcess) throws Exception {
        server = ZeptoServer.builder()
                .database(inProcess.unwrap(Database.class))
                .port(0)
                .start();
        return DriverManager.getConnection(server.jdbcUrl() + options());
    }

    @Override
    void stop() throws Exception {
        server.close();
    }

    @Test
    void aServerThatGoesAwayInTheMiddleIsAnError() throws SQLException {
        makeSide();
        assertThrows(SQLException.class, () -> countWhile(server::close));
    }

    @Test
    void theConnectionDoesOtherThingsMeanwhile() throws Throwable {
        makeSide();
        assertEquals(MANY_ROWS, countWhile(() -> zepto.createStatement().execute("DELETE FROM trades")));
        try (RegisteredStream stream = ZeptoDuckDb.register(duck, "few", zepto, "SELECT x FROM side WHERE x < 2")) {
            assertEquals(List.of("0", "1"), DuckDbAnswer.rows(duck, "SELECT * FROM few ORDER BY x"));
        }
    }
}
