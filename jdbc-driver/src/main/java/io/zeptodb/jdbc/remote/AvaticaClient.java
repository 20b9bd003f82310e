package io.zeptodb.jdbc.remote;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.Service;

/**
 * The client's side of Avatica's protocol, made as Avatica's own driver makes it, but without that driver: its class registers itself with
 * DriverManager as it is loaded, and would then answer to its URLs in every application that connects with ours.
 */
public final class AvaticaClient {
    private static final Constructor<? extends Meta> META = constructor();

    private AvaticaClient() {}

    private static Constructor<? extends Meta> constructor() {
        try {
            Constructor<? extends Meta> constructor = Class.forName("org.apache.calcite.avatica.remote.RemoteMeta")
                    .asSubclass(Meta.class)
                    .getDeclaredConstructor(AvaticaConnection.class, Service.class);
            constructor.setAccessible(true); // it is not public, and nothing that is makes one without the driver
            return constructor;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this is not the Avatica that the driver was built with: " + e, e);
        }
    }

    /** What a connection asks its server with, over its transport. */
    public static Meta meta(AvaticaConnection connection) {
        Service service = connection.config().factory().create(connection);
        connection.setService(service);
        try {
            return META.newInstance(connection, service);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("Avatica's client cannot be made: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Avatica's client cannot be made: " + e, e);
        }
    }
}
