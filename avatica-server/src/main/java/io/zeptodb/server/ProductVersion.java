package io.zeptodb.server;

import picocli.CommandLine.IVersionProvider;

/** What {@code zepto --version} prints. */
final class ProductVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = ProductVersion.class.getPackage().getImplementationVersion();
        return new String[] {
            "ZeptoDB " + (version == null ? "(built from source)" : version) + " on Java " + Runtime.version()
        };
    }
}
