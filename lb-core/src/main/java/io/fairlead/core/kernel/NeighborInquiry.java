package io.fairlead.core.kernel;

import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.net.HardwareAddress;
import io.fairlead.core.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks on a link who has an address: by ARP for IPv4, by neighbour solicitation for IPv6. Blocks; one thread owns it.
 */
public interface NeighborInquiry {

    /** How long an answer may take that counts: frames get lost, and routers are slow to answer for themselves. */
    Duration PATIENCE = Duration.ofMillis(300);

    /** Who is asked for, and where. */
    record Question(String interfaceName, IpAddress address) {}

    /** Judges what is known so far. */
    @FunctionalInterface
    interface Enough {

        /**
         * Returns whether nothing more has to be waited for.
         *
         * @param answers by whom each question was answered, so far; without those that nobody has answered
         * @param elapsed how long whoever is asked has had for an answer, without the time in which this thread stood still
         *     before it asked
         */
        boolean isEnough(Map<Question, Set<HardwareAddress>> answers, Duration elapsed);
    }

    /** How this host is known to those that are asked. */
    record Host(List<InterfaceStatus> interfaces, List<InterfaceAddressStatus> addresses) {}

    /**
     * Asks all questions at once, several times where no answer comes, until it is enough or {@link #PATIENCE} has passed; then
     * that is asked a last time. All that has arrived is read before anything is judged, and a stall of this thread shortens
     * no wait. What cannot be asked, as on an interface that is missing, off or without neighbours, gets no answer.
     *
     * @throws KernelException if the kernel does not let us ask at all
     */
    void ask(Set<Question> questions, Host host, Enough enough);
}
