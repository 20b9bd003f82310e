package io.zeptodb.engine.kernel;

/**
 * The set of loops that suits this machine. There is one so far, the scalar one, which needs nothing from the JVM; sets that use vector
 * instructions must give the same answers. Immutable and thread-safe.
 */
public final class KernelProvider {
    private static final KernelProvider BEST = new KernelProvider(new ScalarArithmetic());

    private final ArithmeticKernels arithmetic;

    private KernelProvider(ArithmeticKernels arithmetic) {
        this.arithmetic = arithmetic;
    }

    /** The fastest set that this JVM can run. */
    public static KernelProvider best() {
        return BEST;
    }

    public ArithmeticKernels arithmetic() {
        return arithmetic;
    }
}
