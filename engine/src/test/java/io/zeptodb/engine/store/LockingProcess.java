package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Another process that takes the lock of a folder, says so, and holds it until it is told to end. */
final class LockingProcess implements AutoCloseable {
    private static final String TAKEN = "taken";

    private final Process process;
    private final BufferedReader answers;

    private LockingProcess(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static LockingProcess start(Path folder, boolean shared) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new LockingProcess(new ProcessBuilder(List.of(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockingProcess.class.getName(),
                        folder.toString(),
                        Boolean.toString(shared)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    long pid() {
        return process.pid();
    }

    /** Whether it has the lock, or why not. */
    String answer() throws IOException {
        return String.valueOf(answers.readLine());
    }

    boolean hasTaken() throws IOException {
        return TAKEN.equals(answer());
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Directory directory = FileDirectory.open(arguments[0]);
        try (DirectoryLock lock = directory.lock("zepto.lock", Boolean.parseBoolean(arguments[1]))) {
            out.println(lock == null ? "" : TAKEN);
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (EngineException e) {
            out.println(e.code() + " " + e.getMessage());
        }
    }
}
