package io.zeptodb.engine.api;

import java.util.Locale;

/** What a user may do with a table or view. */
public enum TableRight {
    /** Its rows are read, and its name and columns are seen. */
    READ,
    /** Rows are added, changed and removed as well. It has {@link #READ} in it. */
    WRITE;

    /** In lower case, as users write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
