package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The summary of a folder that a process writes to at the same time. */
@Timeout(120)
class LiveFolderSummaryTest {
    @Test
    void logFilesThatComeAndGoAreNoError(@TempDir Path folder) throws Exception {
        String path = folder.resolve("db").toString();
        try (Database database = Engine.open(path, Map.of("durability", "none"));
                Session session = database.openSession();
                Crew crew = new Crew()) {
            session.update("CREATE TABLE t (x BIGINT)");
            AtomicBoolean stop = new AtomicBoolean();
            for (int thread = 0; thread < 2; thread++) {
                crew.start("summary", () -> {
                    while (!stop.get()) {
                        FolderSummary summary = FolderSummary.read(path);
                        assertThat(summary.tables()).hasSizeLessThanOrEqualTo(1);
                        assertThat(summary.logBytes()).isNotNegative();
                    }
                });
            }
            try {
                for (int i = 0; i < 150 && !crew.hasFailed(); i++) {
                    session.update("INSERT INTO t VALUES (" + i + ")");
                    session.update("CHECKPOINT");
                }
            } finally {
                stop.set(true);
            }
        }
        assertThat(FolderSummary.read(path).tables().get(0).rows()).isEqualTo(150);
    }
}
