package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zeptodb.engine.api.Database;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A result that is cut or changed on its way is an error behind the rows that came whole, and never a shorter or another result. */
@Timeout(120)
class SpoiledResultTest {
    private static final int SIDE = 300;
    private static final int ROWS = SIDE * SIDE;
    private static final int PIECE_ROWS = 10_000;
    /** The piece, of those that are fetched, that is spoiled. */
    private static final int SPOILED = 3;

    private static final byte[] LZ4_FRAME = {0x04, 0x22, 0x4D, 0x18};
    private static final byte[] ZSTD_FRAME = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};

    private Connection local;
    private ZeptoServer server;
    private SpoilingProxy proxy;

    @BeforeEach
    void start() throws SQLException, IOException {
        local = DriverManager.getConnection("jdbc:zepto:");
        SideTable.make(local, SIDE);
        server = ZeptoServer.builder()
                .database(local.unwrap(Database.class))
                .port(0)
                .start();
        proxy = new SpoilingProxy(server.port());
    }

    @AfterEach
    void stop() throws SQLException, IOException {
        proxy.close();
        server.close();
        local.close(); // fails when a byte is left
    }

    /** What becomes of a piece. */
    enum Damage {
        /** Within an answer. */
        CUT_INSIDE {
            @Override
            byte[] of(SpoilingProxy.Exchange exchange, WireBytes piece) {
                int half = exchange.bodyAt() + piece.bytes().length / 2;
                return Arrays.copyOf(exchange.answer(), half);
            }
        },
        /** Between two answers. */
        CUT_BEFORE {
            @Override
            byte[] of(SpoilingProxy.Exchange exchange, WireBytes piece) {
                return new byte[0];
            }
        },
        /** A proxy that keeps its own lengths right: no more pieces are said to come, and the stream has no end. */
        CUT_BEHIND {
            @Override
            byte[] of(SpoilingProxy.Exchange exchange, WireBytes piece) {
                return http(WireBytes.of(new WireMessages.Fetched(true), piece.payload()));
            }
        },
        /** Part of a batch is missing, and the answer is as long as it says. */
        SHORTENED {
            @Override
            byte[] of(SpoilingProxy.Exchange exchange, WireBytes piece) {
                byte[] payload = piece.payload();
                byte[] shorter = Arrays.copyOf(payload, payload.length / 2);
                return http(WireBytes.of(new WireMessages.Fetched(true), shorter));
            }
        },
        /** A compressed block that no decoder knows. */
        NO_BLOCK {
            @Override
            byte[] of(SpoilingProxy.Exchange exchange, WireBytes piece) {
                byte[] payload = piece.payload();
                int at = Math.max(indexOf(payload, LZ4_FRAME), indexOf(payload, ZSTD_FRAME));
                assertThat(at).as("there is a compressed block").isPositive();
                payload[at] ^= 0x55;
                return http(WireBytes.of(new WireMessages.Fetched(false), payload));
            }
        },
        /** A compressed block that says that it has another length. */
        LONGER_BLOCK {
            @Override
            byte[] of(SpoilingProxy.Exchange exchange, WireBytes piece) {
                byte[] payload = piece.payload();
                int at = Math.max(indexOf(payload, LZ4_FRAME), indexOf(payload, ZSTD_FRAME));
                assertThat(at).as("there is a compressed block").isPositive();
                payload[at - Long.BYTES] ^= 0x10; // the length of what it holds, in front of it
                return http(WireBytes.of(new WireMessages.Fetched(false), payload));
            }
        };

        abstract byte[] of(SpoilingProxy.Exchange exchange, WireBytes piece);
    }

    private static byte[] http(byte[] body) {
        byte[] head = ("HTTP/1.1 200 OK\r\nContent-Type: " + WireProtocol.MEDIA_TYPE + "\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + body.length)
                .put(head)
                .put(body)
                .array();
    }

    private static int indexOf(byte[] bytes, byte[] word) {
        for (int at = Long.BYTES; at <= bytes.length - word.length; at++) {
            if (Arrays.equals(bytes, at, at + word.length, word, 0, word.length)) {
                return at;
            }
        }
        return -1;
    }

    @ParameterizedTest
    @CsvSource({
        "CUT_INSIDE, none",
        "CUT_INSIDE, lz4",
        "CUT_BEFORE, none",
        "CUT_BEFORE, zstd",
        "CUT_BEHIND, none",
        "CUT_BEHIND, lz4",
        "SHORTENED, none",
        "SHORTENED, zstd",
        "NO_BLOCK, lz4",
        "NO_BLOCK, zstd",
        "LONGER_BLOCK, lz4",
        "LONGER_BLOCK, zstd"
    })
    void whatCameWholeIsGivenAndThenTheFailure(Damage damage, String compression) throws Exception {
        AtomicInteger fetched = new AtomicInteger();
        proxy.spoil(exchange -> {
            boolean isFetch = exchange.path().equals(WireProtocol.FETCH);
            if (!isFetch || fetched.incrementAndGet() != SPOILED) {
                return exchange.answer();
            }
            byte[] body = Arrays.copyOfRange(exchange.answer(), exchange.bodyAt(), exchange.answer().length);
            return damage.of(exchange, WireBytes.read(body));
        });
        for (int type : new int[] {ResultSet.TYPE_FORWARD_ONLY, ResultSet.TYPE_SCROLL_INSENSITIVE}) {
            fetched.set(0);
            Connection connection = DriverManager.getConnection(proxy.jdbcUrl() + "?compression=" + compression);
            Statement statement = connection.createStatement(type, ResultSet.CONCUR_READ_ONLY);
            statement.setFetchSize(PIECE_ROWS);
            ResultSet rows = statement.executeQuery(
                    "SELECT a.x * " + SIDE + " + b.x AS n, 'row ' || b.x AS s FROM side a, side b");
            BitSet seen = new BitSet();
            SQLException failure = catchThrowableOfType(SQLException.class, () -> {
                while (rows.next()) {
                    int n = rows.getInt(1);
                    assertThat(seen.get(n)).isFalse();
                    assertThat(n).isBetween(0, ROWS - 1);
                    assertThat(rows.getString(2)).isEqualTo("row " + n % SIDE);
                    seen.set(n);
                }
            });
            assertThat((Object) failure).as("rows: %d", seen.cardinality()).isNotNull();
            assertThat(failure.getSQLState()).as(failure.toString()).isEqualTo("08006");
            // the one that came with the result, and those before the spoiled one
            assertThat(seen.cardinality()).isBetween(SPOILED * PIECE_ROWS / 2, ROWS - PIECE_ROWS);
            SQLException again = catchThrowableOfType(SQLException.class, rows::next);
            assertThat(again.getSQLState()).isIn("08006", "24000");
            assertThat(connection.isClosed()).isTrue();
            rows.close();
            statement.close();
            connection.close();
        }
    }
}
