package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;

/** A database with a session that has all the memory it wants and one with little, which must answer alike; closed, nothing is left of it. */
final class SpillingDatabase implements AutoCloseable {
    private final Path temp;
    private final Database database;
    private final Session unlimited;
    private final Session limited;

    /**
     * @param temp where it spills
     * @param memory of a query of the limited session, as the option says it
     */
    SpillingDatabase(Path temp, String memory) {
        this.temp = temp;
        database = Engine.open(Map.of("threads", "2", "memory_limit", "6GB", "temp_directory", temp.toString()));
        unlimited = database.openSession();
        limited = database.openSession();
        limited.update("SET query_memory_limit = '" + memory + "'");
    }

    Database database() {
        return database;
    }

    Session unlimited() {
        return unlimited;
    }

    Session limited() {
        return limited;
    }

    /**
     * Appends rows to a table.
     *
     * @param row sets the values of the row of that number
     */
    void fill(String table, int rows, ObjIntConsumer<RowWriter> row) {
        try (Pipeline pipeline = database.openPipeline(table, PipelineOptions.SYNCHRONOUS);
                RowWriter writer = pipeline.newWriter()) {
            for (int i = 0; i < rows; i++) {
                row.accept(writer, i);
                writer.append();
            }
        }
    }

    /** Runs a query both ways; gives the bytes that the limited one has put on disk, of which nothing is left. */
    long compare(String sql, boolean ordered) throws IOException {
        long before = spilledBytes();
        List<String> expected = SpecAnswer.rows(unlimited, sql);
        assertThat(spilledBytes()).as("unlimited").isEqualTo(before);
        List<String> actual = SpecAnswer.rows(limited, sql);
        assertThat(spilledFiles()).isEmpty();
        assertThat(actual).hasSameSizeAs(expected);
        if (!ordered) {
            expected.sort(null);
            actual.sort(null);
        }
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).as("row %d", i).isEqualTo(expected.get(i));
        }
        return spilledBytes() - before;
    }

    private long spilledBytes() {
        return ((Engine) database).spill().writtenBytes();
    }

    /** Rows that are on disk now. */
    List<Path> spilledFiles() throws IOException {
        return filesLeft().stream()
                .filter(file -> file.toString().endsWith(".arrow"))
                .toList();
    }

    private List<Path> filesLeft() throws IOException {
        try (Stream<Path> files = Files.walk(temp)) {
            return files.filter(path -> !path.equals(temp)).toList();
        }
    }

    @Override
    public void close() throws IOException {
        database.close();
        assertThat(database.statistics().allocatedBytes()).isZero();
        assertThat(filesLeft()).isEmpty();
    }
}
