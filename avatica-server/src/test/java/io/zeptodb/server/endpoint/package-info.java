/** What the server tells its clients. */
package io.zeptodb.server.endpoint;
