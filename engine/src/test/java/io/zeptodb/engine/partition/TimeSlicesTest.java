package io.zeptodb.engine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimeSlicesTest {
    private static long nanos(String instant) {
        Instant at = Instant.parse(instant);
        return at.getEpochSecond() * 1_000_000_000L + at.getNano();
    }

    private static void check(TimeSlice slice, String time, String start, String end) {
        assertThat(TimeSlices.start(slice, nanos(time))).isEqualTo(nanos(start));
        assertThat(TimeSlices.end(slice, nanos(time))).isEqualTo(nanos(end));
    }

    @Test
    void slicesAreThoseOfTheCalendarInUtc() {
        check(TimeSlice.HOUR, "2024-02-29T23:59:59.999999999Z", "2024-02-29T23:00:00Z", "2024-03-01T00:00:00Z");
        check(TimeSlice.HOUR, "2024-03-01T00:00:00Z", "2024-03-01T00:00:00Z", "2024-03-01T01:00:00Z");
        check(TimeSlice.DAY, "2024-02-29T12:00:00Z", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z");
        check(TimeSlice.MONTH, "2024-02-29T12:00:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z");
        check(TimeSlice.MONTH, "1969-12-31T23:59:59.999999999Z", "1969-12-01T00:00:00Z", "1970-01-01T00:00:00Z");
        check(TimeSlice.DAY, "1969-12-31T23:59:59.999999999Z", "1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z");
    }

    @Test
    void theFirstAndTheLastSliceAreCutWhereALongEnds() {
        for (TimeSlice slice : TimeSlice.values()) {
            assertThat(TimeSlices.start(slice, Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
            assertThat(TimeSlices.end(slice, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
            assertThat(TimeSlices.end(slice, Long.MIN_VALUE)).isGreaterThan(Long.MIN_VALUE);
            assertThat(TimeSlices.start(slice, Long.MAX_VALUE)).isLessThan(Long.MAX_VALUE);
        }
    }
}
