/**
 * The server that answers {@code jdbc:zepto://} and the stock Avatica driver, and the {@code zepto} command line.
 *
 * <p>The command is a thin layer over the JDBC driver: what it can do, a Java program can do too.
 */
@NullMarked
package io.zeptodb.server;

import org.jspecify.annotations.NullMarked;
