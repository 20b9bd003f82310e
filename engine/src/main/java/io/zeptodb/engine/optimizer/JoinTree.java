package io.zeptodb.engine.optimizer;

/** In which order some relations are joined, by their numbers. */
sealed interface JoinTree {
    /** One relation. */
    record One(int relation) implements JoinTree {}

    /** A join: the left side is streamed, the right one built into a table. */
    record Pair(JoinTree left, JoinTree right) implements JoinTree {}
}
