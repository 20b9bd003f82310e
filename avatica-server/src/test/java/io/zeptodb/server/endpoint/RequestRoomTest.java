package io.zeptodb.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a client may take of the memory for requests, and for how long. */
class RequestRoomTest {
    private static final int LONG = 1 << 20;
    private static final long ALL = 8 * LONG;

    private final RequestRoom room = new RequestRoom(LONG, ALL);

    private void fill(String owner) throws RequestBody.NoRoom {
        for (int i = 0; i < 4; i++) {
            room.take(owner, LONG, LONG);
        }
    }

    @Test
    void oneClientCannotTakeAll() throws Exception {
        fill("a");
        assertThatThrownBy(() -> room.take("a", LONG, LONG))
                .isInstanceOf(RequestBody.NoRoom.class)
                .hasMessageContaining("of this client")
                .hasMessageContaining("hold " + ALL / 2 + " bytes")
                .hasMessageContaining("send it again");
        fill("b");
        assertThat(room.taken()).isEqualTo(ALL);
        assertThatThrownBy(() -> room.take("c", LONG, LONG))
                .isInstanceOf(RequestBody.NoRoom.class)
                .hasMessageContaining("that the server has not answered yet");
        room.giveBack("b", LONG);
        room.take("c", LONG, LONG);
        assertThat(room.taken()).isEqualTo(ALL);
    }

    @Test
    void littleRequestsFindRoomWhenLongOnesHaveTakenAll() throws Exception {
        fill("a");
        fill("b");
        room.take("a", RequestRoom.LITTLE, RequestRoom.LITTLE);
        room.take("c", 100, 100);
        // the rest of one that has grown is not little
        assertThatThrownBy(() -> room.take("c", 100, RequestRoom.LITTLE + 1)).isInstanceOf(RequestBody.NoRoom.class);
        for (int i = 0; i < ALL / 4 / RequestRoom.LITTLE - 2; i++) {
            room.take("d", RequestRoom.LITTLE, RequestRoom.LITTLE);
        }
        assertThatThrownBy(() -> room.take("e", RequestRoom.LITTLE, RequestRoom.LITTLE))
                .isInstanceOf(RequestBody.NoRoom.class);
    }

    @Test
    void oneLongRequestAlwaysFits() throws Exception {
        RequestRoom small = new RequestRoom(LONG, LONG);
        small.take("a", LONG, LONG);
        small.take("b", 100, 100);
        small.giveBack("a", LONG);
        small.giveBack("b", 100);
        assertThat(small.taken()).isZero();
        assertThat(RequestRoom.ofHeap(Integer.MAX_VALUE).mostOfRequest()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aRequestKeepsItsRateToItsEnd() throws Exception {
        long second = TimeUnit.SECONDS.toNanos(1);
        int enough = (int) (10 * ArrivalRate.LEAST_BYTES_PER_SECOND);
        ArrivalRate rate = new ArrivalRate(Duration.ofSeconds(10), 5);
        rate.arrived(1, 5 + 9 * second);
        rate.arrived(enough - 1, 5 + 10 * second);
        rate.arrived(100 * enough, 5 + 11 * second); // a start does not pay for the rest
        rate.arrived(1, 5 + 20 * second);
        rate.arrived(1, 5 + 21 * second);
        assertThatThrownBy(() -> rate.arrived(enough - 1, 5 + 30 * second + second))
                .isInstanceOf(RequestBody.TooSlow.class);
    }
}
