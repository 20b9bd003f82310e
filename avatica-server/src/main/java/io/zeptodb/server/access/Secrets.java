package io.zeptodb.server.access;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Passwords from files and pipes: their first line. */
final class Secrets {
    private Secrets() {}

    static char[] firstLine(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return firstLine(reader, "'" + file + "'");
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file '" + file + "' with a password", e);
        }
    }

    static char[] firstLine(BufferedReader reader, String where) throws IOException {
        String line = reader.readLine();
        if (line == null || line.isEmpty()) {
            throw new IOException("there is no password in the first line of " + where);
        }
        return line.toCharArray();
    }
}
