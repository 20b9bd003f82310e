package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.EngineException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.AvaticaClientRuntimeException;

/**
 * The counts of a batch that failed in a transaction, of what ran before the failure and stays. Avatica's error message has no place for them but among the
 * texts of exceptions: a server sends them as the cause of the failure.
 */
public final class BatchCounts extends Exception {
    private static final long serialVersionUID = 1L;

    /** Who says that he is a server may send anything: what is no list of counts is none, and no number is too long to be read. */
    private static final Pattern TEXT = Pattern.compile(
            "(?m)^Caused by: " + Pattern.quote(BatchCounts.class.getName()) + ": \\[(\\d{1,18}(?:, \\d{1,18})*+)\\]$");

    public BatchCounts(long[] counts) {
        super(Arrays.toString(counts), null, false, false);
    }

    /** Those of a failure, or of what caused it; empty when it tells none. */
    public static long[] of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            long[] counts = {};
            if (cause instanceof EngineException engine) {
                counts = engine.updateCounts();
            } else if (cause instanceof AvaticaClientRuntimeException remote) {
                counts = read(remote.getServerExceptions());
            }
            if (counts.length > 0) {
                return counts;
            }
        }
        return new long[0];
    }

    private static long[] read(List<String> texts) {
        String counts = "";
        for (String text : texts) {
            Matcher told = TEXT.matcher(text);
            while (told.find()) {
                counts = told.group(1); // a message before may say anything
            }
        }
        return counts.isEmpty()
                ? new long[0]
                : Arrays.stream(counts.split(", ", -1))
                        .mapToLong(Long::parseLong)
                        .toArray();
    }
}
