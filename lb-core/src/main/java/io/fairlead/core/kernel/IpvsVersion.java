package io.fairlead.core.kernel;

/**
 * What the kernel says of its IPVS.
 *
 * @param version such as {@code 1.2.1}
 * @param connectionTableSize the number of hash buckets for connections
 */
public record IpvsVersion(String version, int connectionTableSize) {}
