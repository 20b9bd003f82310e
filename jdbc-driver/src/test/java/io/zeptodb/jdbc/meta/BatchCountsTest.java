package io.zeptodb.jdbc.meta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.calcite.avatica.AvaticaClientRuntimeException;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.remote.Service.RpcMetadataResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts that are read out of the texts that a server sends. */
class BatchCountsTest {
    private static final String CAUSE =
            "java.lang.Exception: words\n\tat some.where\nCaused by: " + BatchCounts.class.getName() + ": ";

    private static long[] of(String... texts) {
        return BatchCounts.of(new AvaticaClientRuntimeException(
                "failed", 0, "22012", AvaticaSeverity.ERROR, List.of(texts), new RpcMetadataResponse("zepto")));
    }

    @Test
    void theyAreRead() {
        assertThat(of(CAUSE + new BatchCounts(new long[] {1, 0, 999_999_999_999L}).getMessage() + "\n"))
                .containsExactly(1, 0, 999_999_999_999L);
        assertThat(of("something else", CAUSE + "[7]")).containsExactly(7);
        assertThat(of()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[,]",
                "[ ]",
                "[1,2]",
                "[1, ]",
                "[, 1]",
                "[1,  2]",
                "[-1]",
                "[99999999999999999999]",
                "[1] 2"
            })
    void whatIsNoListOfCountsIsNone(String counts) {
        assertThat(of(CAUSE + counts)).isEmpty();
    }
}
