/**
 * What a server tells of itself: {@link io.zeptodb.server.monitoring.HealthEndpoint} whether it lives and takes work, {@link
 * io.zeptodb.server.monitoring.ServerMetrics} its figures for Prometheus and a line of the log for each statement. What is served is not here.
 */
@NullMarked
package io.zeptodb.server.monitoring;

import org.jspecify.annotations.NullMarked;
