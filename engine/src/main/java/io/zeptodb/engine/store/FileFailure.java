package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Errors of the file system as the engine's: what was done, to which file, and the system's reason. */
final class FileFailure {
    private FileFailure() {}

    /** @param verb what was tried, as in "cannot VERB 'path'" */
    static EngineException of(String verb, String path, IOException e) {
        String reason = reason(e);
        String message = "cannot " + verb + " '" + path + "': " + reason;
        if (e instanceof NoSuchFileException || isMissing(e, reason)) {
            return new EngineException(
                    ErrorCode.FILE_NOT_FOUND, "cannot " + verb + " '" + path + "': no such file or folder", e);
        }
        return new EngineException(isFull(reason) ? ErrorCode.DISK_FULL : ErrorCode.IO_ERROR, message, e);
    }

    private static boolean isMissing(IOException e, String reason) {
        return e instanceof FileNotFoundException && reason.contains("No such file");
    }

    private static boolean isFull(String reason) {
        String text = reason.toLowerCase(Locale.ROOT);
        return text.contains("no space left")
                || text.contains("not enough space")
                || text.contains("disk quota exceeded")
                || text.contains("file too large");
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        String message = e.getMessage();
        if (message == null) {
            return e.toString();
        }
        // the old classes say "path (reason)"
        int open = message.lastIndexOf('(');
        return e instanceof FileNotFoundException && open >= 0 && message.endsWith(")")
                ? message.substring(open + 1, message.length() - 1)
                : message;
    }
}
