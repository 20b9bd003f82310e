package io.zeptodb.engine;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A process with a database in memory whose query has put rows on disk, and stands still in the middle of them until a byte comes on the standard input;
 * then it reads on to the end. Lines on the standard output: READY, then the number of rows.
 */
final class SpillingProcess {
    static final int ROWS = 100_000;

    private SpillingProcess() {}

    /** Argument: the folder for temporary files. */
    public static void main(String[] arguments) throws IOException {
        try (Database database = spilling(arguments[0]);
                Session session = database.openSession();
                BatchCursor rows = session.query("SELECT s, id FROM t ORDER BY s, id")) {
            long count = rows.next() ? rows.batch().getRowCount() : 0;
            say("READY");
            if (System.in.read() < 0) {
                return;
            }
            while (rows.next()) {
                count += rows.batch().getRowCount();
            }
            say(Long.toString(count));
        }
    }

    /** A database with a table that its queries cannot sort in memory. */
    static Database spilling(String temp) {
        Database database = Engine.open(Map.of("query_memory_limit", "4MB", "threads", "1", "temp_directory", temp));
        try (Session session = database.openSession()) {
            session.update("CREATE TABLE t (id BIGINT, s VARCHAR)");
        }
        try (Pipeline pipeline = database.openPipeline("t", PipelineOptions.SYNCHRONOUS);
                RowWriter row = pipeline.newWriter()) {
            for (int i = 0; i < ROWS; i++) {
                row.setLong(0, i)
                        .setString(1, "a text of row " + i * 7919L % ROWS)
                        .append();
            }
        }
        return database;
    }

    private static void say(String line) {
        System.out.write((line + '\n').getBytes(StandardCharsets.UTF_8), 0, line.length() + 1);
        System.out.flush();
    }
}
