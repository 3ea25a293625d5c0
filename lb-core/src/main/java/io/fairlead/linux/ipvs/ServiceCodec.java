package io.fairlead.linux.ipvs;

import static io.fairlead.linux.ipvs.IpvsAttributes.*;

import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.Persistence;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.AttributeSet;
import io.fairlead.linux.wire.MessageWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Virtual servers as the kernel's services. Decoding leaves out what the kernel adds of its own, such as the hashed flag. */
final class ServiceCodec {

    private ServiceCodec() {}

    /** Returns the attributes that identify a service. */
    static Attr.Body identity(VirtualServerKey key) {
        return out -> out.nest(IPVS_CMD_ATTR_SERVICE, service -> writeKey(service, key));
    }

    /** Returns the attributes of a whole service. */
    static Attr.Body entry(VirtualServer virtualServer) {
        return out -> out.nest(IPVS_CMD_ATTR_SERVICE, service -> {
            writeKey(service, virtualServer.key());
            Optional<Persistence> persistence = virtualServer.persistence();
            service.put(IPVS_SVC_ATTR_SCHED_NAME, virtualServer.scheduler().name());
            service.put(IPVS_SVC_ATTR_FLAGS, flags(virtualServer));
            service.put(
                    IPVS_SVC_ATTR_TIMEOUT_SECONDS,
                    persistence.map(Persistence::timeout).orElse(Duration.ZERO).toSeconds());
            IpFamily family = virtualServer.key().family();
            service.put(
                    IPVS_SVC_ATTR_NETMASK,
                    netmask(family, persistence.map(Persistence::prefixLength).orElse(family.lengthBits())));
            persistence.flatMap(Persistence::engine).ifPresent(name -> service.put(IPVS_SVC_ATTR_PE_NAME, name));
        });
    }

    private static void writeKey(MessageWriter service, VirtualServerKey key) {
        service.put(IPVS_SVC_ATTR_AF, AddressFamily.familyNumber(key.family()));
        switch (key) {
            case VirtualServerKey.AddressKey(var protocol, var address) -> {
                service.put(IPVS_SVC_ATTR_PROTOCOL, protocol.number());
                service.put(IPVS_SVC_ATTR_ADDR, address.address());
                service.put(IPVS_SVC_ATTR_PORT, address.port());
            }
            case VirtualServerKey.FwmarkKey(var family, var mark) -> service.put(IPVS_SVC_ATTR_FWMARK, mark);
        }
    }

    private static byte[] flags(VirtualServer virtualServer) {
        int flags = virtualServer.persistence().isPresent() ? IP_VS_SVC_F_PERSISTENT : 0;
        if (virtualServer.onePacketScheduling()) {
            flags |= IP_VS_SVC_F_ONEPACKET;
        }
        for (SchedulerFlag flag : virtualServer.schedulerFlags()) {
            flags |= flag.bit();
        }
        return ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putInt(flags)
                .putInt(~0)
                .array();
    }

    private static byte[] netmask(IpFamily family, int prefixLength) {
        ByteBuffer bytes = ByteBuffer.allocate(4);
        return family == IpFamily.IPV4
                ? bytes.putInt(prefixLength == 0 ? 0 : -1 << (32 - prefixLength))
                        .array()
                : bytes.order(ByteOrder.nativeOrder()).putInt(prefixLength).array();
    }

    /** Returns the virtual server in a reply to {@code GET_SERVICE}. */
    static VirtualServer decode(AttributeSet reply) {
        AttributeSet service = reply.require(IPVS_CMD_ATTR_SERVICE);
        VirtualServerKey key = key(service);
        Scheduler scheduler = new Scheduler(service.require(IPVS_SVC_ATTR_SCHED_NAME));
        int flags = ByteBuffer.wrap(service.require(IPVS_SVC_ATTR_FLAGS))
                .order(ByteOrder.nativeOrder())
                .getInt();
        Optional<Persistence> persistence = (flags & IP_VS_SVC_F_PERSISTENT) == 0
                ? Optional.empty()
                : Optional.of(new Persistence(
                        Duration.ofSeconds(service.require(IPVS_SVC_ATTR_TIMEOUT_SECONDS)),
                        prefixLength(key.family(), service.require(IPVS_SVC_ATTR_NETMASK)),
                        service.find(IPVS_SVC_ATTR_PE_NAME)));
        return new VirtualServer(
                key, scheduler, schedulerFlags(scheduler, flags), persistence, (flags & IP_VS_SVC_F_ONEPACKET) != 0);
    }

    private static VirtualServerKey key(AttributeSet service) {
        IpFamily family = AddressFamily.family(service.require(IPVS_SVC_ATTR_AF), "IPVS_SVC_ATTR_AF");
        Optional<Long> mark = service.find(IPVS_SVC_ATTR_FWMARK);
        if (mark.isPresent()) {
            return new VirtualServerKey.FwmarkKey(family, mark.get());
        }
        return new VirtualServerKey.AddressKey(
                protocol(service.require(IPVS_SVC_ATTR_PROTOCOL)),
                new ServerAddress(
                        AddressFamily.decode(family, service.require(IPVS_SVC_ATTR_ADDR)),
                        service.require(IPVS_SVC_ATTR_PORT)));
    }

    private static TransportProtocol protocol(int number) {
        for (TransportProtocol protocol : TransportProtocol.values()) {
            if (protocol.number() == number) {
                return protocol;
            }
        }
        throw new MalformedReplyException("IPVS_SVC_ATTR_PROTOCOL", 0, number + " (expected: 6, 17 or 132)");
    }

    private static Set<SchedulerFlag> schedulerFlags(Scheduler scheduler, int flags) {
        Set<SchedulerFlag> found = EnumSet.noneOf(SchedulerFlag.class);
        for (SchedulerFlag flag : SchedulerFlag.values()) {
            if ((flags & flag.bit()) != 0) {
                flag.with(scheduler).ifPresent(found::add);
            }
        }
        return found;
    }

    /** A mask with holes, which only others can have set, counts as the prefix with as many bits. */
    private static int prefixLength(IpFamily family, byte[] netmask) {
        return family == IpFamily.IPV4
                ? Integer.bitCount(ByteBuffer.wrap(netmask).getInt())
                : Math.clamp(
                        ByteBuffer.wrap(netmask).order(ByteOrder.nativeOrder()).getInt(), 0, 128);
    }

    /** Returns the statistics in a reply to {@code GET_SERVICE}. */
    static VirtualServerStats decodeStats(AttributeSet reply) {
        AttributeSet service = reply.require(IPVS_CMD_ATTR_SERVICE);
        Counters counters = Counters.decode(service, IPVS_SVC_ATTR_STATS64, IPVS_SVC_ATTR_STATS);
        return new VirtualServerStats(key(service), counters.traffic(), counters.connectionsPerSecond());
    }
}
