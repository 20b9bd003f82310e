package io.zeptodb.engine.api;

/**
 * Sessions that share a limit of memory: what their running statements, open results and open transactions hold together. Of equal names is one group, with the limit of
 * the session that was opened last; it ends with its last session, or when the last byte of it is given back. Immutable.
 *
 * @param name whose sessions they are, as messages say it: {@code user 'ann'}
 * @param memoryLimitBytes most bytes of all of them together, from 1 on; the database's limit holds as well
 * @param limitName what the limit is called where it can be raised, for messages
 */
public record ResourceGroup(String name, long memoryLimitBytes, String limitName) {
    public ResourceGroup {
        EngineException.required(name, "the name of a resource group");
        EngineException.required(limitName, "the name of a limit");
        if (memoryLimitBytes < 1) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the memory of resource group \"" + name + "\" is 1 byte and more, got " + memoryLimitBytes);
        }
    }
}
