package io.zeptodb.engine.function.scalar;

/**
 * A text that asks, each so many characters that are read of it, whether the statement shall stop: java.util.regex has no other place for the question. One
 * thread; used again for row after row.
 */
final class WatchedText implements CharSequence {
    /** Characters between two questions, a power of two: a fraction of a millisecond of matching. */
    private static final int READS = 1 << 14;

    private final Runnable stopCheck;
    private String text = "";
    private int reads;

    /** @param stopCheck throws when the statement shall stop */
    WatchedText(Runnable stopCheck) {
        this.stopCheck = stopCheck;
    }

    /** This object, from here on of another text. */
    WatchedText of(String next) {
        text = next;
        return this;
    }

    @Override
    public char charAt(int index) {
        if ((++reads & (READS - 1)) == 0) {
            stopCheck.run();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
