package io.zeptodb.bench;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;

/** From the start of the JVM to the first row of the first query: prints the milliseconds. */
public final class FirstQuery {
    private FirstQuery() {}

    public static void main(String[] arguments) {
        try (Database database = Engine.open(Map.of());
                Session session = database.openSession()) {
            session.update("CREATE TABLE trades (symbol SYMBOL, price DOUBLE, ts TIMESTAMP_NS)");
            session.update("INSERT INTO trades VALUES ('A', 1.5, TIMESTAMP '2024-08-09 00:00:00')");
            try (BatchCursor cursor = session.query(
                    "SELECT symbol, avg(price) FROM trades WHERE price > 1 GROUP BY symbol ORDER BY symbol")) {
                cursor.next();
                long millis = System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime();
                System.out.printf(
                        Locale.ROOT,
                        "JVM start to first row: %d ms (%d row)%n",
                        millis,
                        cursor.batch().getRowCount());
            }
        }
    }
}
