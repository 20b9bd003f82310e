package io.zeptodb.engine.wal;

import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.FileCopy;
import io.zeptodb.engine.store.OutputFile;

/**
 * Brings the end of a log to the disk before it goes on in a new file, whose header says that it is there. The process that wrote it may have been
 * killed before its sync, or its sync has failed: then the system shows bytes to whoever reads the file that a power cut takes away, and after a failure
 * no later sync would write them. So they are written anew, into a copy that takes the place of the file in one step.
 */
public final class WalTail {
    private static final String COPY = ".tmp";

    private WalTail() {}

    /**
     * Cuts off what is torn and makes the rest durable.
     *
     * @param end what was read
     * @param mark what is on the disk for certain
     * @throws io.zeptodb.engine.api.EngineException IO_ERROR, DISK_FULL: the log is as it was
     */
    public static void settle(Directory directory, WalReader.End end, WalReader.Mark mark) {
        String name = WalFile.name(end.file());
        if (end.file() == mark.file() && end.length() <= mark.length()) {
            if (end.tornBytes() > 0) {
                try (OutputFile file = directory.append(name, end.length())) {
                    file.sync();
                }
            }
            return;
        }
        FileCopy.copy(directory, name, directory, name + COPY, end.length(), () -> {});
        directory.rename(name + COPY, name);
        directory.sync();
    }

    /** Whether a file is a copy that was not finished. */
    public static boolean isCopy(String name) {
        return name.endsWith(COPY) && WalFile.isName(name.substring(0, name.length() - COPY.length()));
    }
}
