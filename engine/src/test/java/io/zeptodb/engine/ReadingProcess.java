package io.zeptodb.engine;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A process that answers the queries of its standard input, one a line, about the database of a folder. For each a line on the standard output: OK and the
 * values of the first row, or the SQLSTATE and the message of the error.
 */
final class ReadingProcess {
    private ReadingProcess() {}

    /** Argument: the folder. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Database database = Engine.open(arguments[0], Map.of("threads", "2"));
        Session session = database.openSession();
        out.println("READY");
        out.flush();
        for (String sql = in.readLine(); sql != null; sql = in.readLine()) {
            out.println(answer(session, sql));
            out.flush();
        }
    }

    private static String answer(Session session, String sql) {
        try (BatchCursor rows = session.query(sql)) {
            StringBuilder text = new StringBuilder("OK");
            long count = 0;
            while (rows.next()) {
                if (count == 0) {
                    rows.batch()
                            .getFieldVectors()
                            .forEach(column -> text.append(' ').append(column.getObject(0)));
                }
                count += rows.batch().getRowCount();
            }
            return text.append(" of ").append(count).toString();
        } catch (EngineException e) {
            return (e.code().sqlState() + " " + e.getMessage()).replace('\n', ' ');
        } catch (RuntimeException | Error e) {
            return "UNEXPECTED " + e;
        }
    }
}
