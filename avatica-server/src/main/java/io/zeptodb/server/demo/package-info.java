/**
 * {@code zepto demo}: a day of ticks, made or loaded, and what one asks of it, through the JDBC driver. Start at {@link
 * io.zeptodb.server.demo.DemoCommand}.
 */
@NullMarked
package io.zeptodb.server.demo;

import org.jspecify.annotations.NullMarked;
