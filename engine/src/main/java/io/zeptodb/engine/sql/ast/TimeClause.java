package io.zeptodb.engine.sql.ast;

/** Tells the clauses that go by time from names: their first words are ordinary names elsewhere. Called by the generated parser. */
public final class TimeClause {
    private TimeClause() {}

    /**
     * Whether LATEST ON, SAMPLE BY or SAMPLE with a number begins. {@code FROM a JOIN latest ON …} does not: behind the time, which is one word, or two or
     * three with points between, LATEST ON has PARTITION.
     */
    public static boolean begins(String first, String second, String fourth, String sixth, String eighth) {
        if (first.equalsIgnoreCase("LATEST") && second.equalsIgnoreCase("ON")) {
            return fourth.equalsIgnoreCase("PARTITION")
                    || sixth.equalsIgnoreCase("PARTITION")
                    || eighth.equalsIgnoreCase("PARTITION");
        }
        boolean number = !second.isEmpty() && (Character.isDigit(second.charAt(0)) || second.charAt(0) == '.');
        return first.equalsIgnoreCase("SAMPLE") && (second.equalsIgnoreCase("BY") || number);
    }
}
