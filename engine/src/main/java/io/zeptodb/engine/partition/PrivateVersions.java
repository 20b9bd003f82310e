package io.zeptodb.engine.partition;

import java.util.concurrent.atomic.AtomicLong;

/** Versions of catalogs that only one transaction sees: negative, so that no version of a database's catalog is one of them. Thread-safe. */
final class PrivateVersions {
    private static final AtomicLong LAST = new AtomicLong();

    private PrivateVersions() {}

    static long next() {
        return LAST.decrementAndGet();
    }
}
