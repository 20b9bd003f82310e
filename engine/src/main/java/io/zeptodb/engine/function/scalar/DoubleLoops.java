package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Memory;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Loops over functions of doubles that take far longer than the call: the transcendental ones. */
final class DoubleLoops {
    private DoubleLoops() {}

    static ScalarKernel unary(DoubleUnaryOperator function) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                Memory.putDouble(out + ((long) at << 3), function.applyAsDouble(arguments[0].getDouble(at)));
            }
        };
    }

    static ScalarKernel binary(DoubleBinaryOperator function) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                double value = function.applyAsDouble(arguments[0].getDouble(at), arguments[1].getDouble(at));
                Memory.putDouble(out + ((long) at << 3), value);
            }
        };
    }
}
