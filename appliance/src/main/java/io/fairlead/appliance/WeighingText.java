package io.fairlead.appliance;

import io.fairlead.core.model.Scheduler;

/** Says what a scheduler goes by that is no function of the client. */
final class WeighingText {

    private WeighingText() {}

    static String of(Scheduler scheduler) {
        return switch (scheduler.name()) {
            case "rr" -> "rr takes the real servers in turn; a weight above 0 is all it asks for";
            case "wrr" -> "wrr takes the real servers in turn, each as often as its weight";
            case "lc" -> "lc takes the least active * 256 + inactive";
            case "wlc" -> "wlc takes the least (active * 256 + inactive) / weight";
            case "sed" -> "sed takes the least (active + 1) / weight";
            case "nq" -> "nq takes one without active connections, else as sed: the least (active + 1) / weight";
            case "fo" -> "fo takes the heaviest that is not overloaded";
            case "ovf" -> "ovf takes the heaviest whose active connections are fewer than its weight";
            case "twos" -> "twos draws two at random by weight and takes that with the lesser load";
            case "lblc" -> "lblc remembers a real server for each address that is asked, else weighs as wlc";
            case "lblcr" -> "lblcr remembers several real servers for each address that is asked, else weighs as wlc";
            default -> scheduler + " is not known here; it weighs what its module wants";
        };
    }
}
