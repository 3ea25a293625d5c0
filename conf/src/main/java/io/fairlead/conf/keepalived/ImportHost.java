package io.fairlead.conf.keepalived;

import io.fairlead.core.net.IpAddress;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What the host has a say in when a file is read.
 *
 * @param configId what conditional lines are compared with: keepalived takes the host's name up to the first dot
 * @param environment of a variable's name its value, empty if there is none
 * @param addresses of an interface's name its addresses, empty if it has none or is not there
 */
public record ImportHost(
        String configId, UnaryOperator<String> environment, Function<String, List<IpAddress>> addresses) {}
