package io.zeptodb.engine.kernel;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import sun.misc.Unsafe;

/**
 * Opens {@code java.nio} to Arrow from inside the process, so that no user needs {@code --add-opens}. Arrow reads a field of a direct
 * buffer by reflection when its MemoryUtil is loaded, so this must run before the first buffer.
 */
public final class ModuleAccess {
    private ModuleAccess() {}

    /**
     * Opens the package; harmless when it is open.
     *
     * @throws IllegalStateException when this JVM does not let us: the message says which flag helps
     */
    public static void openNioToArrow() {
        Module base = Object.class.getModule();
        if (base.isOpen("java.nio", ModuleAccess.class.getModule())) {
            return;
        }
        try {
            Field unsafeField = Unsafe.class.getDeclaredField("theUnsafe");
            unsafeField.setAccessible(true);
            Unsafe unsafe = (Unsafe) unsafeField.get(null);
            MethodHandle open = trustedLookup(unsafe)
                    .findVirtual(
                            Module.class, "implAddOpensToAllUnnamed", MethodType.methodType(void.class, String.class));
            open.invoke(base, "java.nio");
        } catch (Throwable e) {
            throw new IllegalStateException(
                    "cannot open java.nio to Arrow in this JVM; start it with --add-opens=java.base/java.nio=ALL-UNNAMED",
                    e);
        }
    }

    @SuppressWarnings("deprecation") // the static field offsets of Unsafe are the only way in on 17 and 25
    private static MethodHandles.Lookup trustedLookup(Unsafe unsafe) throws NoSuchFieldException {
        Field lookup = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
        return (MethodHandles.Lookup)
                unsafe.getObject(unsafe.staticFieldBase(lookup), unsafe.staticFieldOffset(lookup));
    }
}
