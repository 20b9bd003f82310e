package io.zeptodb.engine;

import java.lang.management.ManagementFactory;

/** What the machine has. */
final class Machine {
    private Machine() {}

    /** Physical memory, bytes; what a container allows where there is one. */
    static long memoryBytes() {
        java.lang.management.OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.OperatingSystemMXBean known
                ? known.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
