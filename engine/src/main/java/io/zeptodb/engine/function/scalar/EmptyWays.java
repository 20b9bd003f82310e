package io.zeptodb.engine.function.scalar;

/**
 * In how many ways the parts of a regular expression of java.util.regex can take nothing, one after the other: {@code (a?|b?){30}} can in 2^30, which at the end of
 * a text are all tried without a look at a character, so that {@link WatchedText} is not asked. An estimate, for patterns of any syntax: what it does not know is
 * taken for a character.
 */
final class EmptyWays {
    /** As good as any greater number, and finite, so that no product of it with none is NaN. */
    private static final double BEYOND = 1e9;

    private final String pattern;
    private final boolean comments;
    private int at;
    private double most = 1;

    private EmptyWays(String pattern, boolean comments) {
        this.pattern = pattern;
        this.comments = comments;
    }

    /**
     * The most ways of parts without a character between them.
     *
     * @param comments whether blanks stand for nothing
     */
    static double most(String pattern, boolean comments) {
        EmptyWays ways = new EmptyWays(pattern, comments || pattern.contains("(?x"));
        while (ways.at < pattern.length()) {
            ways.alternatives();
            ways.at++; // a parenthesis too many, which is the compiler's to refuse
        }
        return ways.most;
    }

    /** Up to the parenthesis that closes them, or the end: the sum of their ways. */
    private double alternatives() {
        double sum = 0;
        double all = 1; // of the sequence, 0 when it takes a character
        double run = 1; // since the last character
        while (at < pattern.length() && pattern.charAt(at) != ')') {
            if (pattern.charAt(at) == '|') {
                at++;
                sum += all;
                all = 1;
                run = 1;
                continue;
            }
            double ways = quantified(part());
            all = Math.min(all * ways, BEYOND);
            run = ways == 0 ? 1 : Math.min(run * ways, BEYOND);
            most = Math.max(most, run);
        }
        most = Math.max(most, sum + all);
        return sum + all;
    }

    /** The ways of one part; 0 when it takes a character. */
    private double part() {
        char c = pattern.charAt(at++);
        switch (c) {
            case '(':
                return group();
            case '[':
                skipClass();
                return 0;
            case '^', '$':
                return 1;
            case '\\':
                return escape();
            default:
                return comments && Character.isWhitespace(c) ? 1 : 0;
        }
    }

    private double group() {
        boolean looks = false;
        if (pattern.startsWith("?", at)) {
            looks = pattern.startsWith("?=", at) || pattern.startsWith("?!", at);
            looks |= pattern.startsWith("?<=", at) || pattern.startsWith("?<!", at);
            while (at < pattern.length() && ":=!>)".indexOf(pattern.charAt(at)) < 0) {
                at++;
            }
            at += at < pattern.length() && pattern.charAt(at) != ')' ? 1 : 0;
        }
        double ways = alternatives();
        at++;
        return looks ? Math.max(1, ways) : ways;
    }

    private double escape() {
        if (at == pattern.length()) {
            return 0;
        }
        char c = pattern.charAt(at++);
        if (c == 'Q') {
            int end = pattern.indexOf("\\E", at);
            at = end < 0 ? pattern.length() : end + 2;
            return 0;
        }
        // a place, or what a group took, which may be nothing
        return "AbBGzZkE".indexOf(c) >= 0 || Character.isDigit(c) ? 1 : 0;
    }

    private void skipClass() {
        int depth = 1;
        boolean first = true;
        while (at < pattern.length() && depth > 0) {
            char c = pattern.charAt(at++);
            if (c == '\\') {
                at++;
            } else if (c == '[') {
                depth++;
            } else if (c == ']' && !first) {
                depth--;
            }
            first = c == '[' || (first && c == '^');
        }
    }

    private double quantified(double part) {
        char c = at < pattern.length() ? pattern.charAt(at) : 0;
        if (c != '?' && c != '*' && c != '+' && c != '{') {
            return part;
        }
        at++;
        double ways = c == '{' ? counted(part) : c == '+' ? part : part + 1;
        boolean modified = at < pattern.length() && (pattern.charAt(at) == '?' || pattern.charAt(at) == '+');
        at += modified ? 1 : 0;
        return ways;
    }

    private double counted(double part) {
        int end = pattern.indexOf('}', at);
        String[] bounds =
                pattern.substring(at, end < 0 ? pattern.length() : end).split(",", 2);
        at = end < 0 ? pattern.length() : end + 1;
        double least;
        try {
            least = Double.parseDouble(bounds[0].isBlank() ? "0" : bounds[0]);
        } catch (NumberFormatException e) {
            return 0;
        }
        if (part == 0) {
            return least > 0 ? 0 : 1;
        }
        // a loop of one way takes its turns, too
        double ways = Math.min(Math.pow(part, least) * Math.max(1, least), BEYOND);
        return bounds.length > 1 ? ways + 1 : ways;
    }
}
