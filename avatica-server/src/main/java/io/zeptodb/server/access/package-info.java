/**
 * Who may connect to a server and as whom. Start reading at {@link io.zeptodb.server.access.AccessHandler}, through which every request comes. {@link
 * io.zeptodb.server.access.UsersFile} is the form of the file of users, {@link io.zeptodb.server.access.Users} what a server knows of it, and follows its
 * changes; {@link io.zeptodb.server.access.Authenticator} checks who asks; {@link io.zeptodb.server.access.UserCommand} changes the file. What a user may do
 * with tables is the engine's matter: {@link io.zeptodb.engine.api.AccessPolicy}.
 */
@NullMarked
package io.zeptodb.server.access;

import org.jspecify.annotations.NullMarked;
