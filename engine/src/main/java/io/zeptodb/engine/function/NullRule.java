package io.zeptodb.engine.function;

/** What a scalar function makes of NULL arguments. */
public enum NullRule {
    /** Any NULL argument gives NULL; the caller sees to it and the kernel need not look. */
    STRICT,
    /** The kernel looks at validity itself and writes the result's. */
    CALLED_ON_NULL
}
