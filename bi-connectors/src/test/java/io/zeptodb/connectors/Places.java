package io.zeptodb.connectors;

import io.zeptodb.server.ZeptoServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DynamicTest;

/** The two places where a database can be. */
final class Places {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private Places() {}

    /** What is done with the URL of an empty database. */
    interface Work {
        void with(String url) throws Exception;
    }

    /** The work in this process, and again over a server. */
    static List<DynamicTest> both(Work work) {
        return List.of(
                DynamicTest.dynamicTest("in process", () -> inProcess(work)),
                DynamicTest.dynamicTest("remote", () -> remote(work)));
    }

    private static void inProcess(Work work) throws Exception {
        String url = "jdbc:zepto:mem:ecosystem" + DATABASES.incrementAndGet();
        try (Connection keepsItOpen = DriverManager.getConnection(url)) {
            work.with(keepsItOpen.getMetaData().getURL());
        }
    }

    private static void remote(Work work) throws Exception {
        try (ZeptoServer server =
                ZeptoServer.builder().url("jdbc:zepto:").port(0).start()) {
            work.with(server.jdbcUrl());
        }
    }
}
