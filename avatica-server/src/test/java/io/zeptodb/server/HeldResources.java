package io.zeptodb.server;

import io.zeptodb.engine.api.Database;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process holds: live objects by class, after a full collection, file handles, sockets, and the memory of a database. What one state has more than an
 * earlier one was not given back, and shows by its name, on a machine of whatever speed.
 */
final class HeldResources {
    /** Made for a client, and gone with it: of the server, the engine below it and the driver. */
    private static final List<String> OF_CLIENTS = List.of(
            "io.zeptodb.server.endpoint.HttpTurn",
            "io.zeptodb.server.endpoint.PieceBuffer",
            "io.zeptodb.server.endpoint.ServedConnection",
            "io.zeptodb.server.endpoint.ServedStream",
            "io.zeptodb.jdbc.meta.EngineMeta",
            "io.zeptodb.jdbc.meta.EngineStatement",
            "io.zeptodb.engine.EngineSession",
            "io.zeptodb.engine.Execution",
            "io.zeptodb.engine.ResultCursor",
            "io.zeptodb.engine.batch.MemoryBudget",
            "io.zeptodb.engine.ingest.SessionTransaction",
            "io.zeptodb.engine.partition.Lease",
            "io.zeptodb.engine.partition.Workspace",
            "io.zeptodb.jdbc.ZeptoConnection",
            "io.zeptodb.jdbc.ZeptoPreparedStatement",
            "io.zeptodb.jdbc.ZeptoResultSet",
            "io.zeptodb.jdbc.ZeptoStatement",
            "io.zeptodb.jdbc.append.ParameterColumns",
            "io.zeptodb.jdbc.remote.FetchedStream",
            "io.zeptodb.jdbc.remote.ServerTransport",
            "io.zeptodb.jdbc.value.ArrowCursor",
            "org.apache.arrow.memory.ChildAllocator",
            "org.eclipse.jetty.server.internal.HttpConnection");

    /** A thread that is idle may hold what it had in hand last. Fewer than the clients that are killed. */
    private static final int MOST_IN_HAND = 2;

    /**
     * Of a class of ours, for what is made when it is first used, and what the server remembers of connections that were idle; a statement, commit or connection that
     * leaves something does so again and again.
     */
    private static final long MOST_OF_FIRST_USE = 60;
    /** As many rows stored explain one more object of a class of ours: buffers, segments and what describes them. */
    private static final long ROWS_OF_OBJECT = 1_000;
    /** Of the heap: 64 connections make some 150 threads of the server, which idle for a while, and each keeps 30 KB of buffers. */
    private static final long MOST_BYTES = 12 << 20;
    /** A row of the soak has 28 bytes; capacities are powers of two, and what a run had before it grew is free for others. */
    private static final long MEMORY_OF_ROW = 4 * 28;

    private static final long LEAST_MEMORY = 16 << 20;
    /** Files of the database, and libraries of classes that are used for the first time. */
    private static final long MOST_FILES = 40;

    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");
    private static final Path HANDLES = Path.of("/proc/self/fd");
    private static final String SOCKET = "socket:";

    private final Map<String, Long> instances = new HashMap<>();
    private final long memory;
    private final long rows;
    private long heap;
    private long files;
    private long sockets;

    HeldResources(Database database) throws IOException, JMException, ReflectiveOperationException {
        memory = database.allocator().getAllocatedMemory();
        rows = database.statistics().ingest().stored();
        countObjects();
        countHandles();
        for (String name : OF_CLIENTS) {
            Class.forName(name, false, HeldResources.class.getClassLoader()); // or none of it would ever be found
        }
    }

    private void countObjects() throws JMException {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram", // of what is reachable: collects first
                        new Object[] {null},
                        new String[] {String[].class.getName()});
        for (String line : histogram.toString().split("\n")) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                instances.merge(matcher.group(3), Long.parseLong(matcher.group(1)), Long::sum);
                heap += Long.parseLong(matcher.group(2));
            }
        }
    }

    private void countHandles() throws IOException {
        if (!Files.isDirectory(HANDLES)) {
            return; // nothing of this kind can be counted here
        }
        try (Stream<Path> open = Files.list(HANDLES)) {
            for (Path handle : open.toList()) {
                if (isSocket(handle)) {
                    sockets++;
                } else {
                    files++;
                }
            }
        }
    }

    private static boolean isSocket(Path handle) {
        try {
            return Files.readSymbolicLink(handle).toString().startsWith(SOCKET);
        } catch (IOException e) {
            return false; // closed since
        }
    }

    private long count(String name) {
        return instances.getOrDefault(name, 0L);
    }

    /** What is held now and was not before, beyond what rows that were stored since explain: a line for each; none when all was given back. */
    List<String> notGivenBackSince(HeldResources before) {
        List<String> found = new ArrayList<>();
        long stored = rows - before.rows;
        long mostOfClass = MOST_OF_FIRST_USE + stored / ROWS_OF_OBJECT;
        for (String name : instances.keySet()) {
            boolean ofClients = OF_CLIENTS.contains(name);
            boolean ours = (name.startsWith("io.zeptodb.") && !name.equals(SoakClient.class.getName()))
                    || name.startsWith("org.apache.arrow.");
            if (ofClients || ours) {
                check(found, name, before.count(name), count(name), ofClients ? MOST_IN_HAND : mostOfClass);
            }
        }
        check(found, "bytes of the heap", before.heap, heap, MOST_BYTES);
        check(found, "bytes of the database's memory", before.memory, memory, LEAST_MEMORY + stored * MEMORY_OF_ROW);
        check(found, "sockets", before.sockets, sockets, MOST_IN_HAND);
        check(found, "other handles", before.files, files, MOST_FILES);
        return found;
    }

    private static void check(List<String> found, String what, long before, long now, long most) {
        if (now - before > most) {
            found.add(what + ": " + before + " before, " + now + " now, expected " + most + " more at most");
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.1f MB of heap, %.1f MB of Arrow's memory, %d sockets, %d other handles",
                heap / 1e6,
                memory / 1e6,
                sockets,
                files);
    }
}
