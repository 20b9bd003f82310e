package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineConfig;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.server.access.UserLimits;
import java.util.HashMap;
import java.util.Map;

/**
 * Memory of answers that are made and not sent yet, which clients that read slowly keep: those of one user together have at most what one of the user's queries may
 * have, at most what all that the user has open may have, and at most a quarter of the database's memory. Thread-safe.
 */
final class AnswerRoom {
    private static final long SHARE_OF_MEMORY = 4;

    private final EngineConfig database;
    private final Map<String, Long> byOwner = new HashMap<>();

    AnswerRoom(EngineConfig database) {
        this.database = database;
    }

    /** What one user has of it. */
    final class Share {
        private final String owner;
        private final long most;

        private Share(String owner, long most) {
            this.owner = owner;
            this.most = most;
        }

        /**
         * Takes room for an answer, or a part of one.
         *
         * @throws EngineException OUT_OF_MEMORY when the user has not so much left
         */
        void take(long bytes) {
            synchronized (byOwner) {
                long held = byOwner.getOrDefault(owner, 0L);
                if (held + bytes > most) {
                    throw new EngineException(
                            ErrorCode.OUT_OF_MEMORY,
                            "answers to this user that are not read yet have " + held + " bytes, with this one "
                                    + (held + bytes) + ", and " + most
                                    + " are allowed: read what is open, fetch fewer rows"
                                    + " at once, or raise query_memory_limit or user_memory_limit of the user or memory_limit of"
                                    + " the database");
                }
                byOwner.put(owner, held + bytes);
            }
        }

        void giveBack(long bytes) {
            synchronized (byOwner) {
                byOwner.computeIfPresent(owner, (name, held) -> held == bytes ? null : held - bytes);
            }
        }
    }

    /** @param owner whose answers are counted together */
    Share of(String owner, UserLimits limits) {
        long ofUser = Math.min(limits.queryMemoryBytes(database), limits.userMemoryBytes(database));
        return new Share(owner, Math.min(ofUser, database.memoryLimitBytes() / SHARE_OF_MEMORY));
    }
}
