package io.fairlead.appliance.doctor;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.GuardLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the appliance itself is well, its file and its state. Pure. */
final class ServiceChecks {

    private static final long FREE_BYTES_MIN = 64L << 20;
    private static final long OPEN_FILES_MIN = 4_096;

    private ServiceChecks() {}

    static Finding configuration(HostFacts facts) {
        if (facts.config().isEmpty()) {
            return Finding.error(
                    "configuration",
                    facts.configProblems().stream().findFirst().orElse("refused"),
                    "fairlead config check says everything that is wrong");
        }
        List<String> warnings = facts.configProblems();
        if (warnings.isEmpty()) {
            return Finding.ok("configuration", "valid");
        }
        return Finding.warning(
                "configuration",
                warnings.getFirst() + (warnings.size() == 1 ? "" : ", and " + (warnings.size() - 1) + " more"),
                "mend what it expects; fairlead config check names all there is");
    }

    static Finding running(HostFacts facts) {
        return facts.status()
                .map(status -> Finding.ok("appliance", "version " + status.version() + " since " + status.since()))
                .orElseGet(() -> Finding.warning(
                        "appliance",
                        "none answers on the admin socket",
                        "systemctl start fairlead; journalctl -u fairlead"));
    }

    static Finding following(HostFacts facts) {
        List<String> failing = new ArrayList<>();
        facts.status().ifPresent(status -> {
            failing.addAll(status.reconcile().failing());
            failing.addAll(status.addresses().failing());
            StatusReport.PacketRules rules = status.packetRules();
            if (rules.failing() != null) {
                failing.add(rules.failing());
            }
        });
        facts.election().ifPresent(election -> failing.addAll(election.failing()));
        return failing.isEmpty()
                ? Finding.ok("in-sync", "the kernel took everything that was asked of it")
                : Finding.error("in-sync", failing.getFirst(), "fairlead status; docs: The status says behind");
    }

    static Finding reload(HostFacts facts) {
        Optional<GuardLine> guard = facts.status().flatMap(status -> Optional.ofNullable(status.guard()));
        return guard.map(waiting -> waiting.phase().equals("pending")
                        ? Finding.warning(
                                "reload",
                                "it is taken back at " + waiting.deadline() + " unless confirmed",
                                "fairlead confirm")
                        : Finding.warning(
                                "reload",
                                "what the file held was taken back at " + waiting.deadline()
                                        + ", as nobody had confirmed it",
                                "change the file back, or fairlead reload to follow it"))
                .orElseGet(() -> Finding.ok("reload", "none waits to be confirmed"));
    }

    static Finding state(HostFacts facts) {
        if (!facts.stateWritable()) {
            return Finding.error(
                    "state-directory",
                    "cannot be written, or is not there: a restart would remember nothing",
                    "make it, for the user that runs the appliance; the packages do");
        }
        return facts.stateBytesFree().isPresent() && facts.stateBytesFree().getAsLong() < FREE_BYTES_MIN
                ? Finding.error("state-directory", "its disk is nearly full", "make room")
                : Finding.ok("state-directory", "writable, with room");
    }

    static Finding clock(HostFacts facts) {
        return facts.clockPrograms()
                ? Finding.ok("clock", "is kept by a program")
                : Finding.warning(
                        "clock",
                        "nobody keeps it: certificates, times in logs and of peers may be wrong",
                        "install chrony, or enable systemd-timesyncd");
    }

    static Finding runtime(HostFacts facts) {
        if (facts.service().isEmpty()) {
            return Finding.ok("runtime", "no process of the appliance is seen");
        }
        HostFacts.Service service = facts.service().get();
        if (service.arguments().stream().noneMatch(argument -> argument.startsWith("-Xmx"))) {
            return Finding.warning(
                    "runtime",
                    "its Java runtime has no limit on its heap (-Xmx)",
                    "FAIRLEAD_JAVA_OPTIONS in /etc/default/fairlead");
        }
        return service.openFilesMax() < OPEN_FILES_MIN
                ? Finding.warning(
                        "runtime",
                        "it may open " + service.openFilesMax() + " files only, and each check needs one",
                        "LimitNOFILE=65536 in the unit")
                : Finding.ok("runtime", "limits fit");
    }

    static List<Finding> all(HostFacts facts) {
        return List.of(
                configuration(facts),
                running(facts),
                following(facts),
                reload(facts),
                state(facts),
                clock(facts),
                runtime(facts));
    }
}
