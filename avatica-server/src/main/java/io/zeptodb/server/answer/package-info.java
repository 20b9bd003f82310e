/**
 * Answers that are no result: {@link io.zeptodb.server.answer.Refusal} tells a client, in the protocol that it speaks, why its request is not answered. What is
 * refused, and when, is decided elsewhere.
 */
@NullMarked
package io.zeptodb.server.answer;

import org.jspecify.annotations.NullMarked;
