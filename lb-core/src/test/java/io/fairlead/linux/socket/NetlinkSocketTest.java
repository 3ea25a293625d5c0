package io.fairlead.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.UnsupportedKernelException;
import io.fairlead.linux.generic.GenericNetlink;
import io.fairlead.linux.ipvs.IpvsNetlinkTable;
import io.fairlead.linux.wire.Attr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Talks to the kernel of this machine, in ways that need no privilege. */
class NetlinkSocketTest {

    private static final int CTRL_CMD_GETFAMILY = 3;
    private static final int CTRL_VERSION = 2;
    private static final int NLCTRL_ID = 16;
    private static final Attr<Integer> CTRL_ATTR_FAMILY_ID = Attr.u16Host(1, "CTRL_ATTR_FAMILY_ID");
    private static final Attr<String> CTRL_ATTR_FAMILY_NAME = Attr.string(2, "CTRL_ATTR_FAMILY_NAME");
    private static final int OPENINGS = 1_000;

    @BeforeAll
    static void needsLinux() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "netlink is a part of Linux");
    }

    private static GenericNetlink controller() {
        return GenericNetlink.connect(NetlinkSocket.open(NetlinkSocket.GENERIC), "nlctrl", CTRL_VERSION, "none");
    }

    private static long openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void looksUpTheFamilyThatEveryKernelHas() {
        try (GenericNetlink controller = controller()) {
            assertThat(controller
                            .request(
                                    "look up nlctrl",
                                    CTRL_CMD_GETFAMILY,
                                    body -> body.put(CTRL_ATTR_FAMILY_NAME, "nlctrl"))
                            .require(CTRL_ATTR_FAMILY_ID))
                    .isEqualTo(NLCTRL_ID);
        }
    }

    @Test
    void dumpsTheFamiliesOfTheKernel() {
        try (GenericNetlink controller = controller()) {
            List<String> names = controller.dump(
                    "read the families", CTRL_CMD_GETFAMILY, body -> {}, reply -> reply.require(CTRL_ATTR_FAMILY_NAME));

            assertThat(names).contains("nlctrl");
        }
    }

    @Test
    void learnsOfEachRefusalOfABatch() {
        try (GenericNetlink controller = controller()) {
            List<String> refused = new ArrayList<>();
            GenericNetlink.Batch batch =
                    controller.batch((index, errno, kernelText) -> refused.add(index + ":" + errno));
            for (int i = 0; i < 600; i++) {
                String name = i == 3 || i == 550 || i == 599 ? "fl-none" : "nlctrl";
                batch.add(CTRL_CMD_GETFAMILY, body -> body.put(CTRL_ATTR_FAMILY_NAME, name));
            }
            batch.flush();

            assertThat(refused).containsExactly("3:2", "550:2", "599:2");
        }
    }

    @Test
    void saysWhatToLoadWhereTheKernelHasNoIpvs() {
        assumeFalse(
                Files.exists(Path.of("/proc/net/ip_vs")),
                "this kernel has IPVS: only one without can show what is said of its absence");

        assertThatExceptionOfType(UnsupportedKernelException.class)
                .isThrownBy(IpvsNetlinkTable::open)
                .withMessage(
                        "the kernel has no generic netlink family IPVS (expected: module ip_vs, try: modprobe ip_vs)");
    }

    @Test
    void refusesAProtocolThatTheKernelLacks() {
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> NetlinkSocket.open(31))
                .withMessageStartingWith("open a netlink socket of protocol 31: ")
                .satisfies(e -> assertThat(e.errno()).isPositive());
    }

    @Test
    void refusesToBeUsedAfterItsClosing() {
        NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.GENERIC);
        socket.close();

        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(socket::receive)
                .withMessageStartingWith("receive by netlink: ")
                .satisfies(e -> assertThat(e.errno()).isNotEqualTo(Errno.EAGAIN));
    }

    @Test
    void leavesNoDescriptorOpen() {
        controller().close();
        long before = openFiles();

        for (int i = 0; i < OPENINGS; i++) {
            NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.GENERIC);
            socket.close();
            socket.close();
        }

        assertThat(openFiles()).isLessThan(before + OPENINGS / 10);
    }

    @Test
    void leavesNoDescriptorOpenWhereTheFamilyIsUnknown() {
        controller().close();
        long before = openFiles();

        for (int i = 0; i < OPENINGS / 10; i++) {
            assertThatExceptionOfType(UnsupportedKernelException.class)
                    .isThrownBy(() ->
                            GenericNetlink.connect(NetlinkSocket.open(NetlinkSocket.GENERIC), "fl-none", 1, "fl_none"));
        }

        assertThat(openFiles()).isLessThan(before + OPENINGS / 100);
    }
}
