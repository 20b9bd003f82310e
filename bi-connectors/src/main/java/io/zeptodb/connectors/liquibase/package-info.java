/** What Liquibase needs to know of ZeptoDB; Liquibase finds it by {@code META-INF/services} and is itself the application's. Begin with {@code ZeptoLiquibaseDatabase}. */
@NullMarked
package io.zeptodb.connectors.liquibase;

import org.jspecify.annotations.NullMarked;
