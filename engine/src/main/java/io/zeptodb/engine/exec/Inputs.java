package io.zeptodb.engine.exec;

import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What constructors of operators do so that nothing stays open when they fail. */
final class Inputs {
    private Inputs() {}

    /** Makes something; when that fails, closes what is open already. */
    static <T> T closingOnFailure(AutoCloseable open, Supplier<T> make) {
        try {
            return make.get();
        } catch (RuntimeException | Error e) {
            close(open, e);
            throw e;
        }
    }

    /** Opens one input and makes the operator over it. */
    static Operator one(PhysicalPlan plan, ExecutionContext context, Function<Operator, Operator> make) {
        return one(plan, null, context, make);
    }

    /** As the other, when only some columns of the input are read; null for all. */
    static Operator one(
            PhysicalPlan plan, @Nullable BitSet used, ExecutionContext context, Function<Operator, Operator> make) {
        Operator input = Operators.open(plan, context, used);
        return closingOnFailure(input, () -> make.apply(input));
    }

    /** Opens two inputs and makes the operator over them. */
    static Operator two(
            PhysicalPlan left,
            PhysicalPlan right,
            ExecutionContext context,
            BiFunction<Operator, Operator, Operator> make) {
        return two(left, null, right, null, context, make);
    }

    /** As the other, when only some columns of the inputs are read; null for all. */
    static Operator two(
            PhysicalPlan left,
            @Nullable BitSet leftUsed,
            PhysicalPlan right,
            @Nullable BitSet rightUsed,
            ExecutionContext context,
            BiFunction<Operator, Operator, Operator> make) {
        Operator first = Operators.open(left, context, leftUsed);
        Operator second = closingOnFailure(first, () -> Operators.open(right, context, rightUsed));
        return closingOnFailure(first, () -> closingOnFailure(second, () -> make.apply(first, second)));
    }

    /** Opens several inputs and makes the operator over them. */
    static Operator several(
            List<PhysicalPlan> plans, ExecutionContext context, Function<List<Operator>, Operator> make) {
        List<Operator> open = new ArrayList<>();
        return closingOnFailure(() -> open.forEach(Operator::close), () -> {
            for (PhysicalPlan plan : plans) {
                open.add(Operators.open(plan, context));
            }
            return make.apply(open);
        });
    }

    private static void close(AutoCloseable open, Throwable failure) {
        try {
            open.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }
}
