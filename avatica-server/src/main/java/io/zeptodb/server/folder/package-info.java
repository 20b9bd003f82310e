/**
 * The {@code zepto} commands for database folders: {@link io.zeptodb.server.folder.CheckCommand}, {@link
 * io.zeptodb.server.folder.BackupCommand} and {@link io.zeptodb.server.folder.InfoCommand}. What they show comes from the engine.
 */
@NullMarked
package io.zeptodb.server.folder;

import org.jspecify.annotations.NullMarked;
