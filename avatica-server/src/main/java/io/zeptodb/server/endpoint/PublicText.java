package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What clients are told of an error: not where the server has its files, of which they see the last name alone. Errors that quote what the client has said,
 * such as the file of COPY, are told as they are.
 */
final class PublicText {
    /** Errors of files that the engine has chosen. */
    private static final Set<ErrorCode> OF_FILES = EnumSet.of(
            ErrorCode.CORRUPTION,
            ErrorCode.IO_ERROR,
            ErrorCode.DISK_FULL,
            ErrorCode.DATABASE_LOCKED,
            ErrorCode.OUT_OF_MEMORY,
            ErrorCode.INTERNAL_ERROR);

    private static final Pattern QUOTED = Pattern.compile("'(?:[A-Za-z]:)?[/\\\\][^'\\n]*?([^/\\\\'\\n]*)[/\\\\]?'");
    private static final Pattern PLAIN =
            Pattern.compile("(?<![\\w./\\\\'])(?:[A-Za-z]:)?[/\\\\](?:[^\\s/\\\\',:]+[/\\\\])+([^\\s/\\\\',:]*)");

    private PublicText() {}

    static String of(EngineException failure) {
        String message = SqlErrors.message(failure);
        return OF_FILES.contains(failure.code()) ? withoutPaths(message) : message;
    }

    static String withoutPaths(String message) {
        String quoted =
                QUOTED.matcher(message).replaceAll(match -> Matcher.quoteReplacement("'" + match.group(1) + "'"));
        return PLAIN.matcher(quoted).replaceAll(match -> Matcher.quoteReplacement(match.group(1)));
    }
}
