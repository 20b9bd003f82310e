package io.zeptodb.server.endpoint;

import java.io.IOException;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;

/** Avatica's translation of protobuf, which fails with exceptions of many kinds when a message is none of its protocol: here it is one kind. Thread-safe. */
final class CheckedTranslation extends ProtobufTranslationImpl {
    /** @throws IOException when it is no request, whatever is wrong with it */
    @Override
    public Service.Request parseRequest(byte[] bytes) throws IOException {
        try {
            return super.parseRequest(bytes);
        } catch (RuntimeException e) {
            throw new IOException("a message is no request of Avatica's", e);
        }
    }
}
