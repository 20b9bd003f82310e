package io.zeptodb.engine.api;

import java.util.Collection;
import java.util.Locale;

/** The nearest of some names to a misspelt one, by edit distance. */
public final class NearestName {
    private static final int LETTERS_FOR_ONE_MISTAKE = 3;

    private NearestName() {}

    /** {@code "; did you mean 'trades'?"}, or an empty text when nothing is near. */
    public static String suggestion(String wrong, Collection<String> known) {
        String best = "";
        String sought = wrong.toLowerCase(Locale.ROOT);
        int bestDistance = Math.max(1, wrong.length() / LETTERS_FOR_ONE_MISTAKE) + 1;
        for (String name : known) {
            if (Math.abs(sought.length() - name.length()) >= bestDistance) {
                continue; // so many letters too many or too few; the comparison takes the product of both lengths
            }
            int distance = distance(sought, name.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = name;
            }
        }
        return best.isEmpty() ? "" : "; did you mean '" + best + "'?";
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int least = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
