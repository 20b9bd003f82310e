package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a connection does while it is being closed does not keep its session. */
@Timeout(300)
class ClosedUnderReadersTest {
    private static final int SIDE = 3_000;
    private static final String MANY = "SELECT a.x FROM side a, side b";
    private static final String LONG = "SELECT count(*) FROM side a, side b, side c WHERE a.x + b.x + c.x = -1";
    private static final int SECONDS = 60;

    /** The server refuses the rest of the result, for it was told that the connection ends; and then it has to be told the end. */
    @Test
    void aReaderThatIsRefusedDoesNotKeepTheSession() throws Exception {
        try (ZeptoServer server =
                        ZeptoServer.builder().url("jdbc:zepto:").port(0).start();
                SpoilingProxy proxy = new SpoilingProxy(server.port())) {
            Connection connection = DriverManager.getConnection(proxy.jdbcUrl());
            SideTable.make(connection, SIDE);
            ResultSet rows = connection.createStatement().executeQuery(MANY);
            assertThat(rows.next()).isTrue();
            Statement running = connection.createStatement();
            CompletableFuture<String> state = OwnThread.supply(() -> {
                try (ResultSet one = running.executeQuery(LONG)) {
                    return "none";
                } catch (SQLException e) {
                    return e.getSQLState();
                }
            });
            try (Connection looking = DriverManager.getConnection(server.jdbcUrl())) {
                RunningStatements.await(looking, LONG);
            }

            CountDownLatch stopped = new CountDownLatch(1);
            CountDownLatch refused = new CountDownLatch(1);
            proxy.spoil(exchange -> {
                if (exchange.path().equals("/cancel")) {
                    stopped.countDown();
                    await(refused);
                }
                return exchange.answer();
            });
            CompletableFuture<Void> closing = OwnThread.run(() -> {
                try {
                    connection.close();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await(stopped);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < SIDE * SIDE; i++) {
                            assertThat(rows.next()).isTrue();
                        }
                    })
                    .isInstanceOf(SQLException.class);
            refused.countDown();
            closing.get(SECONDS, TimeUnit.SECONDS);
            assertThat(state.get(SECONDS, TimeUnit.SECONDS)).isIn("57014", "08003", "24000");
            assertThat(server.connectionCount()).isZero();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
