package io.zeptodb.engine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EpochsTest {
    @Test
    void whatIsReplacedUnderAQueryWaitsForIt() {
        Epochs epochs = new Epochs();
        int query = epochs.enter();
        long ended = epochs.advance();
        int later = epochs.enter();
        assertThat(epochs.oldest()).isEqualTo(ended);
        epochs.leave(query);
        assertThat(epochs.oldest()).isEqualTo(ended + 1);
        epochs.leave(later);
        assertThat(epochs.oldest()).isEqualTo(ended + 1);
        assertThat(epochs.open()).isZero();
    }

    /** Who gives memory back looks at the slots first; a query and a commit that come between that and the giving back must be safe of it. */
    @Test
    void aQueryThatBeginsBehindALookIsNotOvertakenByIt() {
        Epochs epochs = new Epochs();
        long bound = epochs.oldest();
        epochs.enter();
        long replacedUnderTheQuery = epochs.advance();
        assertThat(replacedUnderTheQuery).isGreaterThanOrEqualTo(bound);
    }
}
