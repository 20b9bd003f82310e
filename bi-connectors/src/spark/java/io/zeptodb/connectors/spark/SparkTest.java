package io.zeptodb.connectors.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark's JDBC source reads tables in partitions, pushes conditions down, and writes rows, in the process and against a server. */
class SparkTest {
    private static final int ROWS = 100_000;
    private static final int PARTITIONS = 4;
    private static final Pattern ADDRESS = Pattern.compile("jdbc:zepto://\\S+");

    @TempDir
    private Path folder;

    private static Properties options() {
        Properties options = new Properties();
        options.put("driver", "io.zeptodb.jdbc.ZeptoDriver");
        options.put("fetchsize", "10000");
        options.put("batchsize", "10000");
        return options;
    }

    private static void create(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE ticks (id BIGINT, symbol VARCHAR, price DOUBLE, ts TIMESTAMP_NS, day DATE,"
                    + " amount DECIMAL(18, 4), good BOOLEAN)");
        }
    }

    private static void check(String url) throws IOException {
        try (SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .appName("zepto")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate()) {
            Dataset<Row> made = spark.range(ROWS)
                    .selectExpr(
                            "id",
                            "concat('S', id % 7) AS symbol",
                            "id / 8.0D AS price",
                            "timestamp_micros(1700000000000000 + id * 1000) AS ts",
                            "date_add(DATE'2024-01-01', CAST(id % 30 AS INT)) AS day",
                            "CAST(id AS DECIMAL(18, 4)) / 4 AS amount",
                            "id % 2 = 0 AS good");
            made.selectExpr("id", "symbol", "price", "ts", "day", "CAST(amount AS DECIMAL(18, 4)) AS amount", "good")
                    .write()
                    .mode(SaveMode.Append)
                    .jdbc(url, "ticks", options());
            Dataset<Row> read = spark.read().jdbc(url, "ticks", "id", 0, ROWS, PARTITIONS, options());
            assertEquals(PARTITIONS, read.rdd().getNumPartitions());
            assertEquals(ROWS, read.count());
            assertEquals(
                    0,
                    made.select("id", "symbol", "price", "ts", "day", "good")
                            .exceptAll(read.select("id", "symbol", "price", "ts", "day", "good"))
                            .count());
            List<Row> sums = read.filter("symbol = 'S3' AND price >= 100")
                    .groupBy("symbol")
                    .agg(org.apache.spark.sql.functions.sum("amount"), org.apache.spark.sql.functions.count("*"))
                    .collectAsList();
            long expected = 0;
            long count = 0;
            for (long id = 800; id < ROWS; id++) {
                if (id % 7 == 3) {
                    expected += id;
                    count++;
                }
            }
            assertEquals(1, sums.size());
            assertEquals(expected / 4.0, sums.get(0).getDecimal(1).doubleValue(), 1e-6);
            assertEquals(count, sums.get(0).getLong(2));
            Dataset<Row> query = spark.read()
                    .format("jdbc")
                    .option("url", url)
                    .option("driver", "io.zeptodb.jdbc.ZeptoDriver")
                    .option("query", "SELECT symbol, max(price) AS high FROM ticks GROUP BY symbol")
                    .load();
            assertEquals(7, query.count());
        }
    }

    @Test
    void inTheProcess() throws Exception {
        String url = "jdbc:zepto:file:" + folder.resolve("db");
        create(url);
        check(url);
    }

    @Test
    void againstAServer() throws Exception {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("zepto.launcher") + "/*",
                        "io.zeptodb.server.ZeptoCommand",
                        "server",
                        "--db",
                        "jdbc:zepto:",
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .start();
        try {
            String url = addressOf(server);
            create(url);
            check(url);
        } finally {
            server.destroy();
            assertTrue(server.waitFor(30, java.util.concurrent.TimeUnit.SECONDS), "the server did not stop");
        }
    }

    private static String addressOf(Process server) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher matcher = ADDRESS.matcher(line.replaceFirst("serves \\S+", ""));
            if (matcher.find()) {
                return matcher.group();
            }
        }
        throw new IOException("the server ended without a word");
    }
}
