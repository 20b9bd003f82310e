package io.zeptodb.engine.function.scalar;

/** SQL's SIMILAR TO patterns as Java's regular expressions. */
final class SimilarPattern {
    private static final String SAME_IN_BOTH = "|*+?{}()";
    private static final String SPECIAL_IN_JAVA = ".^$\\[]|*+?{}()&-";

    private SimilarPattern() {}

    static String toRegex(String pattern, String escape) {
        if (escape.length() > 1) {
            throw Failures.invalidArgument("similar to", "the escape '" + escape + "' is more than one character");
        }
        StringBuilder regex = new StringBuilder("(?s:");
        boolean inBrackets = false;
        for (int at = 0; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            if (!escape.isEmpty() && c == escape.charAt(0)) {
                if (++at == pattern.length()) {
                    throw Failures.invalidArgument(
                            "similar to", "the pattern '" + pattern + "' ends with its escape character");
                }
                quote(pattern.charAt(at), regex);
            } else if (inBrackets) {
                inBrackets = c != ']';
                regex.append(c == '[' || c == '\\' || c == '&' ? "\\" : "").append(c);
            } else if (c == '[') {
                inBrackets = true;
                regex.append(c);
            } else if (c == '%') {
                regex.append(".*");
            } else if (c == '_') {
                regex.append('.');
            } else if (SAME_IN_BOTH.indexOf(c) >= 0) {
                regex.append(c);
            } else {
                quote(c, regex);
            }
        }
        return regex.append(')').toString();
    }

    private static void quote(char c, StringBuilder regex) {
        regex.append(SPECIAL_IN_JAVA.indexOf(c) >= 0 ? "\\" : "").append(c);
    }
}
