package io.fairlead.conf;

import io.fairlead.conf.KubernetesTemplate.TemplateCheck;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.policy.PoolPolicy;
import io.fairlead.core.policy.Quorum;
import io.fairlead.kube.address.AddressPool;
import io.fairlead.kube.address.AddressRange;
import io.fairlead.kube.mapping.LabelSelector;
import io.fairlead.kube.mapping.MappingSpec;
import io.fairlead.kube.mapping.ServiceFilter;
import io.fairlead.kube.mapping.TargetKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads {@code kubernetes}. */
final class KubernetesReader {

    static final Keys KEYS = new Keys("fairlead.kubernetes");
    private static final String ENABLED = KEYS.add("enabled");
    private static final String KUBECONFIG = KEYS.add("kubeconfig");
    private static final String CLASS = KEYS.add("load-balancer-class");
    private static final String DEFAULT_IMPLEMENTATION = KEYS.add("default-implementation");
    private static final String NAMESPACES = KEYS.add("namespaces");
    private static final String SELECTOR = KEYS.add("selector");
    private static final String TARGET = KEYS.add("target");
    private static final String NODE_ADDRESSES = KEYS.add("node-addresses");
    private static final String NODE_CHECK_PORT = KEYS.add("node-check-port");
    private static final String SOURCE_NAT = KEYS.add("source-nat");
    private static final String ZONE = KEYS.add("zone");
    private static final String DEFAULTS = KEYS.add("defaults");
    private static final String POOLS = KEYS.add("address-pools");

    static final Keys POOL_KEYS = new Keys("fairlead.kubernetes.address-pools.NAME");
    private static final String ADDRESSES = POOL_KEYS.add("addresses");
    private static final String AUTOMATIC = POOL_KEYS.add("automatic");
    private static final String INTERFACE = POOL_KEYS.add("interface");
    private static final String DUMMY = POOL_KEYS.add("dummy");
    private static final String VIRTUAL_ROUTER = POOL_KEYS.add("virtual-router");

    private static final int PATH_LENGTH_MAX = 1000;
    private static final Choices<TargetKind> TARGETS =
            new Choices<TargetKind>().add("nodes", TargetKind.NODES).add("pods", TargetKind.PODS);
    private static final Choices<Boolean> NODE_ADDRESS_KINDS =
            new Choices<Boolean>().add("internal", false).add("external", true);
    /** As the API has it ({@code ValidateQualifiedName}). */
    private static final Pattern CLASS_NAME =
            Pattern.compile("(?:[a-z0-9.-]{1,253}/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private KubernetesReader() {}

    /**
     * @param above what the virtual servers of the cluster inherit
     * @param virtualRouters the names of those that there are
     */
    static KubernetesConfig read(Section section, Defaults above, Set<String> virtualRouters) {
        boolean enabled = section.flag(ENABLED).orElse(false);
        Defaults base = above.inhibitingOnFailure();
        Defaults defaults = section.section(DEFAULTS, DefaultsReader.KEYS)
                .map(own -> DefaultsReader.read(own, base))
                .orElse(base);
        if (enabled) {
            checkPaths(section, defaults);
        }
        Optional<String> className = section.text(
                CLASS,
                "a name such as example.com/public",
                text -> CLASS_NAME.matcher(text).matches());
        boolean isDefault = section.flag(DEFAULT_IMPLEMENTATION).orElse(false);
        List<KubernetesPool> pools = pools(section, virtualRouters);
        if (enabled && pools.isEmpty()) {
            section.missing(POOLS, "at least one pool: address-pools { public { addresses = [...] } }");
        }
        Optional<Path> kubeconfig = FairleadReader.path(section, KUBECONFIG, PATH_LENGTH_MAX);
        kubeconfig
                .filter(_ -> enabled)
                .ifPresent(file -> section.names(KUBECONFIG, file.toString(), NamedFile.Kind.KUBECONFIG));
        return new KubernetesConfig(
                enabled,
                kubeconfig.orElse(Path.of("/")),
                new ServiceFilter(
                        className,
                        isDefault,
                        namespaces(section),
                        section.parsed(SELECTOR, LabelSelector::parse, "a label selector such as app=web,tier in (a,b)")
                                .orElse(LabelSelector.EVERYTHING)),
                new MappingSpec(
                        section.choice(TARGET, TARGETS).orElse(TargetKind.NODES),
                        defaults.forwarding(),
                        section.string(ZONE).orElse(""),
                        section.choice(NODE_ADDRESSES, NODE_ADDRESS_KINDS).orElse(false)),
                pools,
                template(section, defaults));
    }

    private static KubernetesTemplate template(Section section, Defaults defaults) {
        PoolPolicy policy = new PoolPolicy(
                defaults.inhibitOnFailure(),
                Quorum.ONE,
                Optional.empty(),
                defaults.drainTimeout(),
                defaults.slowStart());
        HealthChecksReader.Level checks = defaults.healthChecks();
        boolean sourceNat = section.flag(SOURCE_NAT).orElse(true);
        return new KubernetesTemplate(
                defaults.scheduler(),
                policy,
                checks.checks().stream()
                        .map(check -> new TemplateCheck(
                                check.name(),
                                check.spec(),
                                check.level().address(),
                                check.level().port()))
                        .toList(),
                checks.require(),
                checks.common().check(),
                sourceNat && defaults.forwarding() == ForwardingMethod.MASQUERADE,
                section.integer(NODE_CHECK_PORT, 1, 65535));
    }

    private static void checkPaths(Section section, Defaults defaults) {
        boolean through = defaults.healthChecks().checks().stream()
                .anyMatch(check -> check.level().throughVirtualServer());
        if (through) {
            section.error(
                    DEFAULTS,
                    "the health check has " + ConnectionKeys.THROUGH
                            + " (expected: false here; it is for configured virtual servers)");
        }
    }

    private static Set<String> namespaces(Section section) {
        List<String> texts = section.strings(NAMESPACES).orElse(List.of());
        for (int i = 0; i < texts.size(); i++) {
            if (!NAMESPACE.matcher(texts.get(i)).matches()) {
                section.error(NAMESPACES + "[" + i + "]", Section.quoted(texts.get(i)) + " (expected: a namespace)");
            }
        }
        return Set.copyOf(texts);
    }

    private static List<KubernetesPool> pools(Section section, Set<String> virtualRouters) {
        List<KubernetesPool> found = new ArrayList<>();
        List<AddressRange> seen = new ArrayList<>();
        for (Section pool : section.named(POOLS, POOL_KEYS)) {
            Names.check(pool, "", pool.name());
            List<AddressRange> ranges = ranges(pool, seen);
            seen.addAll(ranges);
            Optional<String> interfaceName =
                    pool.text(INTERFACE, "1..15 visible characters without /", InterfaceAddressKey::isName);
            boolean dummy = pool.flag(DUMMY).orElse(false);
            if (dummy && !pool.has(INTERFACE)) {
                pool.missing(INTERFACE, "the name of the dummy interface");
            }
            found.add(new KubernetesPool(
                    new AddressPool(pool.name(), ranges, pool.flag(AUTOMATIC).orElse(true)),
                    interfaceName,
                    dummy,
                    virtualRouter(pool, virtualRouters)));
        }
        return found;
    }

    private static Optional<String> virtualRouter(Section pool, Set<String> virtualRouters) {
        Optional<String> name = pool.string(VIRTUAL_ROUTER);
        if (name.isPresent() && !virtualRouters.contains(name.get())) {
            pool.error(
                    VIRTUAL_ROUTER,
                    Section.quoted(name.get()) + " (expected: the name of a virtual router of high-availability)");
        }
        if (name.isPresent() && pool.has(INTERFACE)) {
            pool.error(INTERFACE, "beside virtual-router (expected: one of the two; the router has an interface)");
        }
        return name;
    }

    private static List<AddressRange> ranges(Section pool, List<AddressRange> seen) {
        List<String> texts = pool.strings(ADDRESSES).orElse(List.of());
        if (texts.isEmpty()) {
            pool.missing(ADDRESSES, "a list of prefixes, ranges and addresses");
        }
        List<AddressRange> ranges = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String key = ADDRESSES + "[" + i + "]";
            try {
                AddressRange range = AddressRange.parse(texts.get(i));
                Optional<AddressRange> other = Stream.concat(seen.stream(), ranges.stream())
                        .filter(range::overlaps)
                        .findFirst();
                other.ifPresent(taken ->
                        pool.error(key, range + " overlaps " + taken + " (expected: each address in one pool, once)"));
                ranges.add(range);
            } catch (IllegalArgumentException e) {
                pool.error(
                        key,
                        Section.quoted(texts.get(i))
                                + " (expected: such as 198.51.100.0/28, 198.51.100.1-198.51.100.9 or 2001:db8::10)");
            }
        }
        return ranges;
    }
}
