package io.fairlead.appliance;

import io.fairlead.appliance.loop.PlanOutcome;
import io.fairlead.conf.ElectionUnit;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.HighAvailabilityConfig;
import io.fairlead.conf.Problem;
import io.fairlead.conf.VirtualRouterSpec;
import io.fairlead.core.model.SysctlSetting;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.core.reconcile.IpText;
import io.fairlead.core.reconcile.IpvsAdmText;
import io.fairlead.core.reconcile.SysctlText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says what a reload would do, in lines for a shell and remarks for people. Pure. */
final class PlanText {

    private PlanText() {}

    /** Returns the lines. Packet rules stand before what needs them. */
    static List<String> lines(PlanOutcome outcome, List<SysctlSetting> settings, List<AddressOp> addresses) {
        List<String> lines = new ArrayList<>(outcome.packetRules());
        outcome.plan().ops().forEach(op -> lines.add(IpvsAdmText.line(op)));
        settings.forEach(setting -> lines.add(SysctlText.line(setting)));
        addresses.forEach(op -> lines.add(IpText.line(op)));
        return lines;
    }

    /** Returns what to look at, and what the lines do not tell. */
    static List<String> remarks(FairleadConfig config, List<Problem> warnings, PlanOutcome outcome) {
        List<String> remarks = new ArrayList<>();
        warnings.forEach(warning -> remarks.add(warning.toString()));
        outcome.heldBack().forEach(reason -> remarks.add("held back unless forced: " + reason));
        config.highAvailability().map(HighAvailabilityConfig::units).orElse(List.of()).stream()
                .map(ElectionUnit::routers)
                .flatMap(List::stream)
                .map(PlanText::remark)
                .forEach(remarks::add);
        return remarks;
    }

    private static String remark(VirtualRouterSpec router) {
        return "virtual router " + router.name()
                + ": its addresses come and go by election, and are not among the lines: "
                + router.addresses().stream()
                        .map(key -> key.address().toString())
                        .collect(Collectors.joining(", "));
    }
}
