/** Apache Spark against the packaged driver, on demand: see the pom beside the sources. */
package io.zeptodb.connectors.spark;
