package io.zeptodb.engine.kernel;

/**
 * The set of loops that suits this machine. There is one so far, the scalar one, which needs nothing from the JVM; sets that use vector
 * instructions must give the same answers. Immutable and thread-safe.
 */
public final class KernelProvider {
    private static final KernelProvider BEST = new KernelProvider("scalar", new ScalarArithmetic());

    private final String name;
    private final ArithmeticKernels arithmetic;

    private KernelProvider(String name, ArithmeticKernels arithmetic) {
        this.name = name;
        this.arithmetic = arithmetic;
    }

    /** The fastest set that this JVM can run. */
    public static KernelProvider best() {
        return BEST;
    }

    /** What statistics and benchmarks call it. */
    public String name() {
        return name;
    }

    public ArithmeticKernels arithmetic() {
        return arithmetic;
    }
}
