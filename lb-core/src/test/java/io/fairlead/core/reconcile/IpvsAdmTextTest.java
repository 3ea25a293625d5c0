package io.fairlead.core.reconcile;

import static io.fairlead.core.model.Tables.aFirewallMark;
import static io.fairlead.core.model.Tables.aRealServer;
import static io.fairlead.core.model.Tables.aVirtualServer;
import static io.fairlead.core.model.Tables.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.Tables.RealServerBuilder;
import io.fairlead.core.model.Tables.VirtualServerBuilder;
import io.fairlead.core.model.Tunnel;
import io.fairlead.core.model.Tunnel.Checksum;
import io.fairlead.core.model.Tunnel.Encapsulation;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpFamily;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IpvsAdmTextTest {

    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final VirtualServerKey FWM_IPV6 = new VirtualServerKey.FwmarkKey(IpFamily.IPV6, 7);

    static Stream<Arguments> lines() {
        return Stream.of(
                // virtual servers
                add(aVirtualServer("192.0.2.10:443"), "ipvsadm -A -t 192.0.2.10:443 -s wlc"),
                add(aVirtualServer("[2001:db8::10]:443").wrr(), "ipvsadm -A -t [2001:db8::10]:443 -s wrr"),
                add(aVirtualServer("192.0.2.10:53").udp(), "ipvsadm -A -u 192.0.2.10:53 -s wlc"),
                add(
                        aVirtualServer("[2001:db8::10]:53").udp().onePacketScheduling(),
                        "ipvsadm -A -u [2001:db8::10]:53 -s wlc -o"),
                add(aVirtualServer("192.0.2.10:2905").sctp(), "ipvsadm -A --sctp-service 192.0.2.10:2905 -s wlc"),
                add(aFirewallMark(7), "ipvsadm -A -f 7 -s wlc"),
                add(aVirtualServer(FWM_IPV6), "ipvsadm -A -f 7 -6 -s wlc"),
                // scheduler flags
                add(
                        aVirtualServer("192.0.2.10:443").scheduler("sh").flag(SchedulerFlag.SH_PORT),
                        "ipvsadm -A -t 192.0.2.10:443 -s sh -b sh-port"),
                add(
                        aVirtualServer("[2001:db8::10]:443")
                                .scheduler("mh")
                                .flag(SchedulerFlag.MH_PORT)
                                .flag(SchedulerFlag.MH_FALLBACK),
                        "ipvsadm -A -t [2001:db8::10]:443 -s mh -b mh-fallback,mh-port"),
                // persistence
                add(
                        aVirtualServer("192.0.2.10:443").persistent(FIVE_MINUTES),
                        "ipvsadm -A -t 192.0.2.10:443 -s wlc -p 300"),
                add(
                        aVirtualServer("192.0.2.10:443").persistent(FIVE_MINUTES, 24),
                        "ipvsadm -A -t 192.0.2.10:443 -s wlc -p 300 -M 255.255.255.0"),
                add(
                        aVirtualServer("192.0.2.10:443").persistent(FIVE_MINUTES, 1),
                        "ipvsadm -A -t 192.0.2.10:443 -s wlc -p 300 -M 128.0.0.0"),
                add(
                        aVirtualServer("192.0.2.10:443").persistent(FIVE_MINUTES, 0),
                        "ipvsadm -A -t 192.0.2.10:443 -s wlc -p 300 -M 0.0.0.0"),
                add(
                        aVirtualServer("[2001:db8::10]:443").persistent(FIVE_MINUTES),
                        "ipvsadm -A -t [2001:db8::10]:443 -s wlc -p 300"),
                add(
                        aVirtualServer("[2001:db8::10]:443").persistent(FIVE_MINUTES, 64),
                        "ipvsadm -A -t [2001:db8::10]:443 -s wlc -p 300 -M 64"),
                add(
                        aVirtualServer("192.0.2.10:5060")
                                .udp()
                                .persistent(FIVE_MINUTES, 24)
                                .engine("sip"),
                        "ipvsadm -A -u 192.0.2.10:5060 -s wlc -p 300 -M 255.255.255.0 --pe sip"),
                arguments(
                        new IpvsOp.UpdateVirtualServer(
                                aVirtualServer("192.0.2.10:443").build()),
                        "ipvsadm -E -t 192.0.2.10:443 -s wlc"),
                arguments(new IpvsOp.DeleteVirtualServer(tcp("192.0.2.10:443")), "ipvsadm -D -t 192.0.2.10:443"),
                arguments(new IpvsOp.DeleteVirtualServer(FWM_IPV6), "ipvsadm -D -f 7 -6"),
                // real servers
                add(aRealServer("198.51.100.7:80"), "ipvsadm -a -t 192.0.2.10:443 -r 198.51.100.7:80 -m -w 1"),
                add(
                        aRealServer("198.51.100.7:80").tunnel(new Tunnel(Encapsulation.GRE, 0, Checksum.NONE)),
                        "ipvsadm -a -t 192.0.2.10:443 -r 198.51.100.7:80 -i --tun-type gre --tun-nocsum -w 1"),
                add(
                        aRealServer("198.51.100.7:80").tunnel(new Tunnel(Encapsulation.GUE, 6080, Checksum.FULL)),
                        "ipvsadm -a -t 192.0.2.10:443 -r 198.51.100.7:80 -i --tun-type gue --tun-port 6080 --tun-csum"
                                + " -w 1"),
                add(
                        aRealServer("198.51.100.7:80").tunnel(new Tunnel(Encapsulation.GUE, 6080, Checksum.REMOTE)),
                        "ipvsadm -a -t 192.0.2.10:443 -r 198.51.100.7:80 -i --tun-type gue --tun-port 6080"
                                + " --tun-remcsum -w 1"),
                add(
                        aRealServer("198.51.100.7:80")
                                .forwarding(ForwardingMethod.DIRECT_ROUTE)
                                .weight(0),
                        "ipvsadm -a -t 192.0.2.10:443 -r 198.51.100.7:80 -g -w 0"),
                add(
                        aRealServer("[2001:db8:1::7]:80")
                                .forwarding(ForwardingMethod.TUNNEL)
                                .weight(65535),
                        "ipvsadm -a -t 192.0.2.10:443 -r [2001:db8:1::7]:80 -i -w 65535"),
                add(
                        aRealServer("198.51.100.7:80").forwarding(ForwardingMethod.LOCAL),
                        "ipvsadm -a -t 192.0.2.10:443 -r 198.51.100.7:80 -g -w 1"),
                add(
                        aRealServer("198.51.100.7:80").thresholds(100, 50),
                        "ipvsadm -a -t 192.0.2.10:443 -r 198.51.100.7:80 -m -w 1 -x 100 -y 50"),
                add(
                        aRealServer("198.51.100.7:80").thresholds(100, 0),
                        "ipvsadm -a -t 192.0.2.10:443 -r 198.51.100.7:80 -m -w 1 -x 100"),
                arguments(
                        new IpvsOp.UpdateRealServer(
                                FWM_IPV6, aRealServer("[2001:db8:1::7]:80").build()),
                        "ipvsadm -e -f 7 -6 -r [2001:db8:1::7]:80 -m -w 1"),
                arguments(
                        new IpvsOp.DeleteRealServer(
                                tcp("[2001:db8::10]:443"),
                                aRealServer("[2001:db8:1::7]:80").key()),
                        "ipvsadm -d -t [2001:db8::10]:443 -r [2001:db8:1::7]:80"));
    }

    private static Arguments add(VirtualServerBuilder virtualServer, String line) {
        return arguments(new IpvsOp.AddVirtualServer(virtualServer.build()), line);
    }

    private static Arguments add(RealServerBuilder realServer, String line) {
        return arguments(new IpvsOp.AddRealServer(tcp("192.0.2.10:443"), realServer.build()), line);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void anOperationIsTheLineThatAnOperatorWouldType(IpvsOp op, String line) {
        assertThat(IpvsAdmText.line(op)).isEqualTo(line);
        assertThat(op).hasToString(line);
    }
}
