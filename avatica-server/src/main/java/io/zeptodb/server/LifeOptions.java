package io.zeptodb.server;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What {@code zepto server} is told of the times and sizes that it shall keep. */
final class LifeOptions {
    private static final long MEGABYTE = 1L << 20;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "30m",
            converter = Times.class,
            description = "A connection of which nothing is asked for this long is closed (default: ${DEFAULT-VALUE}).")
    private Duration idle = Duration.ZERO;

    @Option(
            names = "--result-timeout",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = Times.class,
            description = "A result of which nothing is asked for this long is closed, for it holds memory (default:"
                    + " ${DEFAULT-VALUE}).")
    private Duration idleResult = Duration.ZERO;

    @Option(
            names = "--stop-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Times.class,
            description = "Time that what is under way has to come to its end when the server is stopped (default:"
                    + " ${DEFAULT-VALUE}).")
    private Duration stop = Duration.ZERO;

    @Option(
            names = "--max-request",
            paramLabel = "MB",
            defaultValue = "256",
            description = "Most megabytes of one request, such as a batch of rows (default: ${DEFAULT-VALUE}).")
    private int mostMegabytes;

    /** A number with its unit: 500ms, 30s, 5m, 1h. */
    static final class Times implements ITypeConverter<Duration> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

        @Override
        public Duration convert(String value) {
            Matcher matcher = FORM.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException("expected a time such as 500ms, 30s, 5m or 1h, got '" + value + "'");
            }
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
        }
    }

    ZeptoServer.Builder addTo(ZeptoServer.Builder builder) {
        if (mostMegabytes < 1 || mostMegabytes * MEGABYTE > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "--max-request wants 1 to " + (Integer.MAX_VALUE / MEGABYTE) + " megabytes, got " + mostMegabytes);
        }
        return builder.mostIdle(idle).mostIdleResult(idleResult).mostRequestBytes((int) (mostMegabytes * MEGABYTE));
    }

    /** Time for what is under way when the server is stopped. */
    Duration stop() {
        return stop;
    }
}
