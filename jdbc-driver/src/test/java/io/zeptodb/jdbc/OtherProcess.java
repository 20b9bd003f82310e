package io.zeptodb.jdbc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Another process that opens a URL, says the sum of {@code t.x} or why not, and holds the connection until it is told to end. */
final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    private OtherProcess(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static OtherProcess open(String url) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new OtherProcess(new ProcessBuilder(
                        List.of(java, "-cp", System.getProperty("java.class.path"), OtherProcess.class.getName(), url))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    long pid() {
        return process.pid();
    }

    /** {@code open SUM}, or SQLSTATE and message. */
    String answer() throws IOException {
        return String.valueOf(answers.readLine());
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
        answers.close();
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Connection connection = DriverManager.getConnection(arguments[0]);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT sum(x) FROM t")) {
            rows.next();
            out.println("open " + rows.getLong(1));
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (SQLException e) {
            out.println(e.getSQLState() + " " + e.getMessage());
        }
    }
}
