package io.zeptodb.server;

import picocli.CommandLine.Option;

/** What {@code zepto server} writes to its log, which is the standard error. Who embeds a server configures the SLF4J provider of his own program instead. */
final class LogOptions {
    private static final String SETTING = "org.slf4j.simpleLogger.";

    /** In the words of the provider. */
    enum Level {
        error,
        warn,
        info,
        debug
    }

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "What is logged to the standard error: ${COMPLETION-CANDIDATES}; debug has a line for each"
                    + " statement (default: ${DEFAULT-VALUE}).")
    private Level level = Level.info;

    /** To be called before the first logger is made, which reads the settings. Properties that the user has given to the JVM hold. */
    void apply() {
        set("log.io.zeptodb", level.name());
        if (level == Level.error) {
            set(
                    "defaultLogLevel",
                    level.name()); // libraries have nothing to say below warn, as simplelogger.properties has it
        }
        set("showDateTime", "true");
        set("dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    }

    private static void set(String name, String value) {
        if (System.getProperty(SETTING + name) == null) {
            System.setProperty(SETTING + name, value);
        }
    }
}
