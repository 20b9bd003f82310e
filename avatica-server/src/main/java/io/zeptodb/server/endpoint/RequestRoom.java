package io.zeptodb.server.endpoint;

import java.util.HashMap;
import java.util.Map;

/**
 * Memory for requests that arrive and are not answered yet, all of them together. Nobody may have more than half of it, or one request if that is longer; and little
 * requests, as most are, have a part of it that no long ones take: whoever fills the rest keeps nobody from a statement. Thread-safe.
 */
public final class RequestRoom {
    /** More than the text of nearly every statement; batches of rows are longer. */
    static final int LITTLE = 1 << 16;

    private static final long SHARE_OF_HEAP = 4;
    private static final long MOST_OF_HEAP = 2;

    private final int mostOfRequest;
    private final long mostTogether;
    private final long mostOfOwner;
    private final long ofLittle;
    private final Map<String, Long> byOwner = new HashMap<>();
    private long taken;

    /**
     * @param mostOfRequest bytes of one
     * @param mostTogether bytes of all, at least those of one
     */
    RequestRoom(int mostOfRequest, long mostTogether) {
        this.mostOfRequest = mostOfRequest;
        this.mostTogether = mostTogether;
        this.mostOfOwner = Math.max(mostOfRequest, mostTogether / 2);
        this.ofLittle = mostTogether / 4;
    }

    /** A quarter of the heap; if two requests of this length do not fit in there, as much as they need and up to half of the heap. */
    public static RequestRoom ofHeap(int mostOfRequest) {
        long heap = Runtime.getRuntime().maxMemory();
        long two = Math.min(2L * mostOfRequest, heap / MOST_OF_HEAP);
        return new RequestRoom(mostOfRequest, Math.max(mostOfRequest, Math.max(two, heap / SHARE_OF_HEAP)));
    }

    /** Most bytes of one request. */
    int mostOfRequest() {
        return mostOfRequest;
    }

    /**
     * Takes room for a part of a request.
     *
     * @param owner who asks: bytes of the same owner are counted together
     * @param more bytes
     * @param size of the request with them
     * @throws RequestBody.NoRoom when there is not so much, saying why
     */
    synchronized void take(String owner, long more, long size) throws RequestBody.NoRoom {
        long ofOwner = byOwner.getOrDefault(owner, 0L);
        if (size <= LITTLE) {
            check("the requests that the server has not answered yet", taken, more, mostTogether + ofLittle);
        } else {
            check("the requests of this client that are not answered yet", ofOwner, more, mostOfOwner);
            check("the requests that the server has not answered yet", taken, more, mostTogether);
        }
        byOwner.put(owner, ofOwner + more);
        taken += more;
    }

    private static void check(String what, long held, long more, long most) throws RequestBody.NoRoom {
        if (held + more > most) {
            throw new RequestBody.NoRoom(what + " hold " + held + " bytes, with this one " + (held + more) + ", and "
                    + most + " are allowed: send it again when others are answered, or fewer rows at once, or start the"
                    + " server with a larger heap (-Xmx)");
        }
    }

    synchronized void giveBack(String owner, long bytes) {
        taken -= bytes;
        byOwner.computeIfPresent(owner, (name, held) -> held == bytes ? null : held - bytes);
    }

    /** Bytes that are taken now. */
    synchronized long taken() {
        return taken;
    }
}
