/** Users, their passwords and rights, and TLS. */
package io.zeptodb.server.access;
