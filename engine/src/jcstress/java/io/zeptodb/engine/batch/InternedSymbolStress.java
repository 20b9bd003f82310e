package io.zeptodb.engine.batch;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * {@link SymbolTable} is read without a lock while texts are added: who finds a text reads that text by its code, and finds those that were added
 * before it. Among the texts are some that make views, slots and heap grow.
 */
@JCStressTest
@Outcome(id = "-1, 0", expect = Expect.ACCEPTABLE, desc = "neither is there yet")
@Outcome(id = "-1, 1", expect = Expect.ACCEPTABLE, desc = "the first is there")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both are there")
@Outcome(expect = Expect.FORBIDDEN, desc = "a text that is not there, or another one, by a code that was shown")
@State
public class InternedSymbolStress {
    /** As many as fill the first slots but for what the actor adds. */
    private static final int BEFORE = 31;

    private static final String FIRST = "a first text that does not fit a view";
    private static final String SECOND = "a second text that does not fit a view";

    private final SymbolTable symbols = new SymbolTable(StressMemory.BUDGET);

    public InternedSymbolStress() {
        for (int i = 0; i < BEFORE; i++) {
            symbols.intern("text " + i);
        }
    }

    @Actor
    public void add() {
        symbols.intern(FIRST);
        symbols.intern(SECOND);
    }

    @Actor
    public void read(II_Result found) {
        found.r1 = look(SECOND);
        found.r2 = Math.max(0, look(FIRST));
    }

    /** -1 not there, 1 there, 2 there with a code that is not the text's. */
    private int look(String text) {
        int code = symbols.find(text);
        if (code < 0) {
            return -1;
        }
        return symbols.size() > code
                        && symbols.values().getText(code).equals(text)
                        && symbols.text(code).equals(text)
                ? 1
                : 2;
    }

    @Arbiter
    public void end(II_Result found) {
        symbols.close();
    }
}
