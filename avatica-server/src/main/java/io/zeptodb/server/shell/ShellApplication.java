package io.zeptodb.server.shell;

import sqlline.Application;
import sqlline.BuiltInProperty;
import sqlline.SqlLine;
import sqlline.SqlLineOpts;

/** What the shell says at its start, and how it shows results. Public, without arguments, because SqlLine makes it by its name. */
public final class ShellApplication extends Application {
    /** Characters of a row: a wide one takes several lines, where SqlLine would cut it off at the terminal's width without a word. */
    private static final int MOST_WIDTH = 1_000_000;

    @Override
    public String getInfoMessage() {
        return "A statement ends with a semicolon, Ctrl-C stops it; help tells more; \\q, exit or Ctrl-D leaves.";
    }

    @Override
    public SqlLineOpts getOpts(SqlLine shell) {
        SqlLineOpts options = super.getOpts(shell);
        options.set(BuiltInProperty.MAX_WIDTH, MOST_WIDTH);
        options.set(BuiltInProperty.MAX_COLUMN_WIDTH, ResultTable.MOST_WIDTH);
        options.set(BuiltInProperty.NULL_VALUE, "NULL");
        options.set(BuiltInProperty.SHOW_ELAPSED_TIME, true);
        options.set(BuiltInProperty.ISOLATION, "TRANSACTION_REPEATABLE_READ");
        return options;
    }
}
