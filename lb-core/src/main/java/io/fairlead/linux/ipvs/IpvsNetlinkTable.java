package io.fairlead.linux.ipvs;

import static io.fairlead.linux.ipvs.IpvsAttributes.*;

import io.fairlead.core.kernel.ApplyReport;
import io.fairlead.core.kernel.ApplyReport.OpFailure;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.kernel.IpvsVersion;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.VirtualServerStats;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.reconcile.IpvsOp;
import io.fairlead.linux.generic.GenericNetlink;
import io.fairlead.linux.socket.NetlinkSocket;
import io.fairlead.linux.wire.AttributeSet;
import io.fairlead.linux.wire.MessageWriter;
import io.fairlead.linux.wire.NetlinkChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The IPVS table of this process's network namespace, over generic netlink. Owned by one platform thread. */
public final class IpvsNetlinkTable implements IpvsTable, AutoCloseable {

    private final GenericNetlink ipvs;

    private IpvsNetlinkTable(GenericNetlink ipvs) {
        this.ipvs = ipvs;
    }

    /**
     * Opens the table, which makes the kernel load {@code ip_vs} where it can.
     *
     * @throws io.fairlead.core.kernel.UnsupportedKernelException if the kernel has no IPVS
     */
    public static IpvsNetlinkTable open() {
        return over(NetlinkSocket.open(NetlinkSocket.GENERIC));
    }

    /**
     * Opens the table at the other end of {@code channel}, which is closed with it: for tests and measurements.
     *
     * @throws io.fairlead.core.kernel.UnsupportedKernelException if there is no IPVS
     */
    public static IpvsNetlinkTable over(NetlinkChannel channel) {
        return new IpvsNetlinkTable(GenericNetlink.connect(channel, FAMILY, VERSION, MODULE));
    }

    @Override
    public IpvsVersion info() {
        AttributeSet reply = ipvs.request("read the version of IPVS", IPVS_CMD_GET_INFO, IpvsNetlinkTable::nothing);
        int version = reply.require(IPVS_INFO_ATTR_VERSION).intValue();
        return new IpvsVersion(
                (version >> 16 & 0xff) + "." + (version >> 8 & 0xff) + "." + (version & 0xff),
                reply.require(IPVS_INFO_ATTR_CONN_TAB_SIZE).intValue());
    }

    @Override
    public List<VirtualServer> readVirtualServers() {
        return eachOnce(
                ipvs.dump(
                        "read virtual servers", IPVS_CMD_GET_SERVICE, IpvsNetlinkTable::nothing, ServiceCodec::decode),
                VirtualServer::key);
    }

    @Override
    public List<VirtualServerStats> readStats() {
        return eachOnce(
                ipvs.dump(
                        "read statistics", IPVS_CMD_GET_SERVICE, IpvsNetlinkTable::nothing, ServiceCodec::decodeStats),
                VirtualServerStats::key);
    }

    /** A list that the kernel gives in several datagrams shows an entry twice where others change the table meanwhile. */
    private static <T, K> List<T> eachOnce(List<T> entries, Function<T, K> key) {
        Map<K, T> byKey = LinkedHashMap.newLinkedHashMap(entries.size());
        for (T entry : entries) {
            byKey.put(key.apply(entry), entry);
        }
        return List.copyOf(byKey.values());
    }

    @Override
    public List<RealServer> readRealServers(VirtualServerKey key) {
        return eachOnce(readDestinations(key, reply -> DestinationCodec.decode(key.family(), reply)), RealServer::key);
    }

    @Override
    public List<RealServerStats> readStats(VirtualServerKey key) {
        return eachOnce(
                readDestinations(key, reply -> DestinationCodec.decodeStats(key.family(), reply)),
                RealServerStats::key);
    }

    /** A dump for a service that does not exist is empty; only then is it worth asking whether it exists. */
    private <T> List<T> readDestinations(VirtualServerKey key, GenericNetlink.Decoder<T> decoder) {
        List<T> found =
                ipvs.dump("read real servers of " + key, IPVS_CMD_GET_DEST, ServiceCodec.identity(key), decoder);
        if (found.isEmpty()) {
            ipvs.request("read real servers of " + key, IPVS_CMD_GET_SERVICE, ServiceCodec.identity(key));
        }
        return found;
    }

    @Override
    public ApplyReport apply(List<IpvsOp> ops) {
        Refusals refusals = new Refusals(ops);
        GenericNetlink.Batch batch = ipvs.batch(refusals);
        ParentService parents = new ParentService();
        for (IpvsOp op : ops) {
            switch (op) {
                case IpvsOp.AddVirtualServer(var virtualServer) ->
                    batch.add(IPVS_CMD_NEW_SERVICE, ServiceCodec.entry(virtualServer));
                case IpvsOp.UpdateVirtualServer(var virtualServer) ->
                    batch.add(IPVS_CMD_SET_SERVICE, ServiceCodec.entry(virtualServer));
                case IpvsOp.DeleteVirtualServer(var key) -> batch.add(IPVS_CMD_DEL_SERVICE, ServiceCodec.identity(key));
                case IpvsOp.AddRealServer(var parent, var realServer) ->
                    batch.add(IPVS_CMD_NEW_DEST, DestinationCodec.entry(parents.identity(parent), realServer));
                case IpvsOp.UpdateRealServer(var parent, var realServer) ->
                    batch.add(IPVS_CMD_SET_DEST, DestinationCodec.entry(parents.identity(parent), realServer));
                case IpvsOp.DeleteRealServer(var parent, var key) ->
                    batch.add(IPVS_CMD_DEL_DEST, DestinationCodec.identity(parents.identity(parent), key));
            }
        }
        batch.flush();
        return new ApplyReport(ops.size() - refusals.refused, refusals.failures);
    }

    /** Collects refusals, and leaves out those that only follow from another. */
    private static final class Refusals implements GenericNetlink.RefusalListener {
        private final List<IpvsOp> ops;
        private final List<OpFailure> failures = new ArrayList<>();
        private final Set<VirtualServerKey> notCreated = new HashSet<>();
        private int refused;

        Refusals(List<IpvsOp> ops) {
            this.ops = ops;
        }

        @Override
        public void refused(int index, int errno, String kernelText) {
            refused++;
            IpvsOp op = ops.get(index);
            if (op instanceof IpvsOp.AddVirtualServer && errno != Errno.EEXIST) {
                notCreated.add(op.virtualServerKey());
            } else if (errno == Errno.ESRCH && notCreated.contains(op.virtualServerKey())) {
                return;
            }
            String text = kernelText.isEmpty() ? meaning(op, errno) : kernelText;
            failures.add(new OpFailure(op, new ErrnoException(op.toString(), errno, text)));
        }

        /** Says what the kernel means where its number alone would puzzle an operator. */
        private static String meaning(IpvsOp op, int errno) {
            return switch (op) {
                case IpvsOp.AddVirtualServer(var virtualServer)
                when errno == Errno.ENOENT ->
                    "needs module " + virtualServer.scheduler().moduleName();
                case IpvsOp.UpdateVirtualServer(var virtualServer)
                when errno == Errno.ENOENT ->
                    "needs module " + virtualServer.scheduler().moduleName();
                case IpvsOp.AddRealServer add
                when errno == Errno.EINVAL ->
                    "the kernel takes unicast addresses only, and none while interface lo is down";
                default -> "";
            };
        }
    }

    @Override
    public IpvsTimeouts readTimeouts() {
        AttributeSet reply = ipvs.request("read connection time-outs", IPVS_CMD_GET_CONFIG, IpvsNetlinkTable::nothing);
        return new IpvsTimeouts(
                Duration.ofSeconds(reply.require(IPVS_CMD_ATTR_TIMEOUT_TCP_SECONDS)),
                Duration.ofSeconds(reply.require(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN_SECONDS)),
                Duration.ofSeconds(reply.require(IPVS_CMD_ATTR_TIMEOUT_UDP_SECONDS)));
    }

    @Override
    public void writeTimeouts(IpvsTimeouts timeouts) {
        ipvs.command(
                "set connection time-outs",
                IPVS_CMD_SET_CONFIG,
                out -> out.put(IPVS_CMD_ATTR_TIMEOUT_TCP_SECONDS, timeouts.tcp().toSeconds())
                        .put(
                                IPVS_CMD_ATTR_TIMEOUT_TCP_FIN_SECONDS,
                                timeouts.tcpFin().toSeconds())
                        .put(IPVS_CMD_ATTR_TIMEOUT_UDP_SECONDS, timeouts.udp().toSeconds()));
    }

    @Override
    public void flush() {
        ipvs.command("flush the IPVS table", IPVS_CMD_FLUSH, IpvsNetlinkTable::nothing);
    }

    @Override
    public void zero() {
        ipvs.command("zero the counters of IPVS", IPVS_CMD_ZERO, IpvsNetlinkTable::nothing);
    }

    /** The body of a command without attributes. */
    private static void nothing(MessageWriter out) {}

    @Override
    public void close() {
        ipvs.close();
    }
}
