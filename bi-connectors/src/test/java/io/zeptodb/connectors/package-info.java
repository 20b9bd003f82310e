/** The libraries and tools that people use with a database, each as its user has it, against a database in this process and one behind a server. */
package io.zeptodb.connectors;
