package io.zeptodb.jdbc.remote;

import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.RemoteProtobufService;
import org.apache.calcite.avatica.remote.Service;

/**
 * Gives Avatica's client the transport of the connection in place of its own, which sends a request again when the answer is lost. Named in the property
 * {@code factory} of a connection. Stateless.
 */
public final class TransportService implements Service.Factory {
    /** A connection that has a transport, already while it is constructed. */
    public interface Owner {
        ServerTransport transport();
    }

    @Override
    public Service create(AvaticaConnection connection) {
        return new RemoteProtobufService(((Owner) connection).transport(), new ProtobufTranslationImpl());
    }
}
