package io.zeptodb.server.shell;

import java.io.Console;

/** Whether a person is looking. */
public final class Terminals {
    private Terminals() {}

    /** True when standard input and output are a terminal. */
    public static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // from 22 on there is a console even for files and pipes, and this method to tell
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot ask the console whether it is a terminal", e);
        }
    }
}
