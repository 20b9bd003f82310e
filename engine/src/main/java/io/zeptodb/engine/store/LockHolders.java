package io.zeptodb.engine.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who has a file locked to read it, as Linux tells it. Readers write nothing into a folder that they open to read only, so that nothing else
 * names them.
 */
final class LockHolders {
    private static final Path LOCKS = Path.of("/proc/locks");

    /** Locks that are held, of a process, with pid, device, inode, first byte and last byte; "->" before the kind marks one that waits. */
    private static final Pattern READER =
            Pattern.compile("\\d+: POSIX +\\S+ +READ +(\\d+) +([0-9a-f]+):([0-9a-f]+):(\\d+) +(\\d+) +(\\d+|EOF)");

    private LockHolders() {}

    /**
     * Processes that have a lock of this byte to read it, in the order of their pids; those that this process may see. None where the system does
     * not tell. Does not open the file: closing it would give up this process's lock.
     */
    static List<Long> readers(Path file, long lockedByte) {
        try {
            return Files.isReadable(LOCKS) ? readers(Files.readAllLines(LOCKS), file, lockedByte) : List.of();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return List.of(); // only a part of a message
        }
    }

    /** @param locks the lines of /proc/locks */
    static List<Long> readers(List<String> locks, Path file, long lockedByte) throws IOException {
        long device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
        String inode = Files.getAttribute(file, "unix:ino").toString();
        TreeSet<Long> pids = new TreeSet<>();
        for (String line : locks) {
            Matcher parts = READER.matcher(line.strip());
            if (!parts.matches()
                    || !parts.group(4).equals(inode)
                    || !parts.group(5).equals(Long.toString(lockedByte))) {
                continue;
            }
            long pid = Long.parseLong(parts.group(1));
            boolean isOfDevice = Long.parseLong(parts.group(2), 16) == major(device)
                    && Long.parseLong(parts.group(3), 16) == minor(device);
            // a subvolume of btrfs has a device that the locks do not name; pid 0 is in a container that this process
            // cannot see into
            if (pid > 0 && (isOfDevice || hasOpen(pid, file))) {
                pids.add(pid);
            }
        }
        return new ArrayList<>(pids);
    }

    private static boolean hasOpen(long pid, Path file) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path one : open) {
                if (Files.exists(one) && Files.isSameFile(one, file)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException e) {
            return false; // it has ended, or is another user's
        }
    }

    /** As glibc packs the two numbers of a device. */
    private static long major(long device) {
        return (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
    }

    private static long minor(long device) {
        return (device & 0xff) | (device >>> 12 & ~0xffL & 0xffffffffL);
    }

    /** How to find out what this process cannot: the readers may be of another machine, container or system. */
    static String remedy(Path file) {
        return File.separatorChar == '\\'
                ? "its pid is not known here: the system's resource monitor shows who has '" + file + "' open"
                : "its pid is not known here: run `lsof '" + file + "'` as root on each machine that has the folder";
    }
}
