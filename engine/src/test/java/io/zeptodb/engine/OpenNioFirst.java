package io.zeptodb.engine;

import io.zeptodb.engine.kernel.ModuleAccess;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Opens java.nio to Arrow before a test class can load Arrow, as a database that is opened does: tests that use a part of the engine without a database
 * share the JVM with those that use Arrow's IPC.
 */
public final class OpenNioFirst implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        ModuleAccess.openNioToArrow();
    }
}
