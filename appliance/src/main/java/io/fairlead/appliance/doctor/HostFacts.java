package io.fairlead.appliance.doctor;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.conf.FairleadConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What was found on a host. Everything that could not be read is empty.
 *
 * @param config what the file asks for; empty if it is refused
 * @param configProblems why it is refused, or what to look at
 * @param status what the running appliance says; empty if none answers
 * @param election what the running appliance says of its virtual routers; empty if none answers
 * @param ipvsFile {@code /proc/net/ip_vs}, line by line
 * @param modules loaded or built in, by name
 * @param loadableModules on the disk, by name
 * @param capabilities of this process, as in {@code CapEff}
 * @param sysctls by their name with dots
 * @param interfaces by name, but for the loopback
 * @param addresses of this host, without prefix length
 * @param advertisedRoutes interfaces with a default route that a router advertised
 * @param programs names of running programs
 * @param ruleset what {@code nft list ruleset} says; empty if it could not be asked
 * @param duplicates virtual addresses for which somebody else answers ARP; empty if nobody could be asked
 * @param clockPrograms are running, or the clock was set by one
 * @param stateBytesFree where the state directory is, or will be
 * @param stateWritable by whom the appliance runs as, as far as this process can tell
 * @param service command line and limits of the running appliance
 */
public record HostFacts(
        Optional<FairleadConfig> config,
        List<String> configProblems,
        Optional<StatusReport> status,
        Optional<HaReport> election,
        Optional<List<String>> ipvsFile,
        Set<String> modules,
        Set<String> loadableModules,
        long capabilities,
        Map<String, String> sysctls,
        List<Interface> interfaces,
        Set<String> addresses,
        Set<String> advertisedRoutes,
        Set<String> programs,
        Optional<List<String>> ruleset,
        Optional<Set<String>> duplicates,
        boolean clockPrograms,
        OptionalLong stateBytesFree,
        boolean stateWritable,
        Optional<Service> service) {

    public HostFacts {
        configProblems = List.copyOf(configProblems);
        modules = Set.copyOf(modules);
        loadableModules = Set.copyOf(loadableModules);
        sysctls = Map.copyOf(sysctls);
        interfaces = List.copyOf(interfaces);
        addresses = Set.copyOf(addresses);
        advertisedRoutes = Set.copyOf(advertisedRoutes);
        programs = Set.copyOf(programs);
        duplicates = duplicates.map(Set::copyOf);
    }

    /** An interface that is there. */
    public record Interface(String name, boolean up, int mtu) {}

    /**
     * The process of the running appliance.
     *
     * @param arguments of its Java runtime and of itself
     * @param openFilesMax soft limit
     */
    public record Service(List<String> arguments, long openFilesMax) {

        public Service {
            arguments = List.copyOf(arguments);
        }
    }

    /** Returns the number of a sysctl; empty if this kernel does not have it. */
    OptionalLong sysctl(String name) {
        String value = sysctls.get(name);
        return value == null || !value.matches("-?\\d{1,18}")
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(value));
    }

    boolean has(String sysctl, long value) {
        OptionalLong found = sysctl(sysctl);
        return found.isPresent() && found.getAsLong() == value;
    }
}
