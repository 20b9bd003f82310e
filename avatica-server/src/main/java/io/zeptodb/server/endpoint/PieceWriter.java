package io.zeptodb.server.endpoint;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;

/** Sends buffers one after the other without a thread that waits for a slow client, then lets go of their memory. */
final class PieceWriter extends IteratingCallback {
    private final Response response;
    private final Iterator<ByteBuffer> buffers;
    private final AutoCloseable memory;
    private final Callback whenDone;

    /** @param memory of the buffers, closed when they are sent or cannot be */
    PieceWriter(Response response, List<ByteBuffer> buffers, AutoCloseable memory, Callback whenDone) {
        this.response = response;
        this.buffers = buffers.iterator();
        this.memory = memory;
        this.whenDone = whenDone;
    }

    @Override
    protected Action process() {
        if (!buffers.hasNext()) {
            return Action.SUCCEEDED;
        }
        ByteBuffer next = buffers.next();
        response.write(!buffers.hasNext(), next, this);
        return Action.SCHEDULED;
    }

    @Override
    protected void onCompleteSuccess() {
        try {
            memory.close();
        } catch (Exception e) {
            whenDone.failed(e);
            return;
        }
        whenDone.succeeded();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        try {
            memory.close();
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
        whenDone.failed(cause);
    }

    @Override
    public Invocable.InvocationType getInvocationType() {
        return Invocable.InvocationType.NON_BLOCKING;
    }
}
