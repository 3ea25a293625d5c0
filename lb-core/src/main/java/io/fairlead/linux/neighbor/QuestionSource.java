package io.fairlead.linux.neighbor;

import io.fairlead.core.kernel.NeighborInquiry.Question;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import java.util.List;

/**
 * From which of our addresses a question is asked. One that the kernel will remove is none: it may be at a peer already. A
 * neighbour that is still looking whether its own address is taken would believe that a question from nowhere takes it, so that
 * is the last choice.
 */
final class QuestionSource {

    private static final IpPrefix LINK_LOCAL = IpPrefix.parse("fe80::/10");
    private static final IpAddress NOWHERE_IPV4 = IpAddress.parse("0.0.0.0");
    private static final IpAddress NOWHERE_IPV6 = IpAddress.parse("::");

    private QuestionSource() {}

    static IpAddress of(Question question, List<InterfaceAddressStatus> addresses) {
        boolean ipv4 = question.address().family() == IpFamily.IPV4;
        IpAddress found = ipv4 ? NOWHERE_IPV4 : NOWHERE_IPV6;
        for (InterfaceAddressStatus status : addresses) {
            IpAddress address = status.key().address();
            if (!status.key().interfaceName().equals(question.interfaceName())
                    || address.family() != question.address().family()
                    || address.equals(question.address())
                    || status.remaining().isPresent()
                    || !status.usable()) {
                continue;
            }
            if (!ipv4 && LINK_LOCAL.contains(address)) {
                return address;
            }
            if (new IpPrefix(address, status.key().prefixLength()).contains(question.address())) {
                found = address;
            }
        }
        return found;
    }
}
