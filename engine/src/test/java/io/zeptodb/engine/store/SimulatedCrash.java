package io.zeptodb.engine.store;

/** The power is gone: no code that runs on may take it for a failure that it can mend, so it is an Error. */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimulatedCrash(String message) {
        super(message);
    }
}
