package io.zeptodb.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.util.List;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.apache.calcite.avatica.NoSuchStatementException;
import org.apache.calcite.avatica.remote.AvaticaRuntimeException;
import org.junit.jupiter.api.Test;

/** Clients are told what went wrong, not where the server has its files, nor how it is made. */
class PublicTextTest {
    @Test
    void pathsOfTheServerAreCutToTheirLastName() {
        assertThat(PublicText.withoutPaths("checksum of '/var/lib/my zepto/seg-1.arrow' at offset 10 is wrong"))
                .isEqualTo("checksum of 'seg-1.arrow' at offset 10 is wrong");
        assertThat(PublicText.withoutPaths("cannot write /srv/data/wal-7.log: No space left on device"))
                .isEqualTo("cannot write wal-7.log: No space left on device");
        assertThat(PublicText.withoutPaths("'C:\\data\\zepto\\manifest' is damaged"))
                .isEqualTo("'manifest' is damaged");
        assertThat(PublicText.withoutPaths("the folder '/srv/data/' is full")).isEqualTo("the folder 'data' is full");
        for (String plain : List.of("1/2 of 3 rows", "a/b", "12 of 100 bytes", "'text' and 'more'", "and/or/not")) {
            assertThat(PublicText.withoutPaths(plain)).isEqualTo(plain);
        }
    }

    @Test
    void whatTheClientHasSaidStays() {
        String message = "COPY cannot read '/home/ann/x.csv': there is no such file";
        assertThat(PublicText.of(new EngineException(ErrorCode.FILE_NOT_FOUND, message)))
                .isEqualTo(message);
        assertThat(PublicText.of(new EngineException(ErrorCode.IO_ERROR, message)))
                .isEqualTo("COPY cannot read 'x.csv': there is no such file");
    }

    @Test
    void noAnswerHasAStackTrace() {
        NoSuchStatementException statement = new NoSuchStatementException(new Meta.StatementHandle("c", 1, null));
        for (Exception failure : List.of(
                new NoSuchConnectionException("x"),
                statement,
                new IllegalStateException("deep in /srv/zepto/lib", new RuntimeException("deeper")),
                new IOException("/srv/zepto/x"),
                new EngineException(ErrorCode.INTERNAL_ERROR, "a defect", new RuntimeException("deeper")))) {
            Exception told = ErrorAnswers.of(failure);
            assertThat(told.getStackTrace()).as(failure.toString()).isEmpty();
            assertThat(told.getCause()).as(failure.toString()).isNull();
            String text = told instanceof AvaticaRuntimeException answer ? answer.getErrorMessage() : "";
            assertThat(text).doesNotContain("/srv", "IllegalState", "deeper", "io.zeptodb");
        }
    }
}
