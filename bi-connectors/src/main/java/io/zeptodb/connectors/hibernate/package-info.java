/** The dialect with which Hibernate speaks to ZeptoDB. Hibernate itself is the application's; nothing else of the product is used here. Begin with {@code ZeptoDialect}. */
@NullMarked
package io.zeptodb.connectors.hibernate;

import org.jspecify.annotations.NullMarked;
