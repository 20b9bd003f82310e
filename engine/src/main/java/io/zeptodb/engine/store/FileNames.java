package io.zeptodb.engine.store;

import java.util.regex.Pattern;

/**
 * Names of the files of a database. Those of locks end in {@code .lock} and are not to be read or written: on POSIX, closing any handle
 * of a file gives up all locks that the process has on it.
 */
final class FileNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]*");
    private static final String LOCK = ".lock";

    private FileNames() {}

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The name of a file, a folder or a lock. */
    static String any(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("'" + name + "' is no name of a file of a database");
        }
        return name;
    }

    static String ofFile(String name) {
        if (name.endsWith(LOCK)) {
            throw new IllegalArgumentException("'" + name + "' is a lock: it is not read and not written");
        }
        return any(name);
    }

    static String ofLock(String name) {
        if (!name.endsWith(LOCK)) {
            throw new IllegalArgumentException("the name of a lock ends in " + LOCK + ", got '" + name + "'");
        }
        return any(name);
    }
}
