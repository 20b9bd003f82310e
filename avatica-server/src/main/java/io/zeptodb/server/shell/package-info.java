/**
 * {@code zepto sql} and {@code zepto import}: statements and files from the command line, through the JDBC driver.
 */
@NullMarked
package io.zeptodb.server.shell;

import org.jspecify.annotations.NullMarked;
