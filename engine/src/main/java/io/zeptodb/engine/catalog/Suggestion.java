package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.NearestName;
import java.util.Collection;

/** The nearest of some names to a misspelt one, by edit distance. */
public final class Suggestion {
    private Suggestion() {}

    /** {@code "; did you mean 'trades'?"}, or an empty text when nothing is near. */
    public static String of(String wrong, Collection<String> known) {
        return NearestName.suggestion(wrong, known);
    }
}
