package io.fairlead.linux.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.kernel.ModuleTable.State;
import io.fairlead.core.kernel.UnsupportedKernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {

    @TempDir
    Path folder;

    @Test
    void aSettingIsAFile() throws IOException {
        Path file = Files.createDirectories(folder.resolve("net/ipv4/vs")).resolve("conntrack");
        Files.writeString(file, "0\n");
        var table = new ProcSysctlTable(folder);

        assertThat(table.read("net.ipv4.vs.conntrack")).contains("0");
        table.write("net.ipv4.vs.conntrack", "1");
        assertThat(file).content().startsWith("1");
        assertThat(table.read("net.ipv4.vs.sloppy_tcp")).isEmpty();
    }

    @Test
    void aSettingThatIsNotThereIsNotMade() throws IOException {
        Files.createDirectories(folder.resolve("net/ipv4"));

        assertThatThrownBy(() -> new ProcSysctlTable(folder).write("net.ipv4.nothing", "1"))
                .isInstanceOf(UnsupportedKernelException.class)
                .hasMessage("set sysctl net.ipv4.nothing to 1: this kernel has none");
        assertThat(folder.resolve("net/ipv4/nothing")).doesNotExist();
    }

    @Test
    void knowsLoadedBuiltInAndAvailableModules() throws IOException {
        Path loaded = Files.createDirectories(folder.resolve("sys"));
        Files.createDirectories(loaded.resolve("ip_vs"));
        Path lists = Files.createDirectories(folder.resolve("lib"));
        Files.writeString(lists.resolve("modules.builtin"), "kernel/drivers/net/dummy.ko\n");
        Files.writeString(lists.resolve("modules.dep"), """
            kernel/net/netfilter/ipvs/ip_vs_mh.ko.xz: kernel/net/netfilter/ipvs/ip_vs.ko.xz
            kernel/net/ipv4/netfilter/nft-masq.ko:
            """);
        var modules = new ModuleFiles(loaded, lists);

        assertThat(modules.state("ip_vs")).isEqualTo(State.LOADED);
        assertThat(modules.state("dummy")).isEqualTo(State.LOADED);
        assertThat(modules.state("ip_vs_mh")).isEqualTo(State.AVAILABLE);
        assertThat(modules.state("nft_masq")).isEqualTo(State.AVAILABLE);
        assertThat(modules.state("ip_vs_twos")).isEqualTo(State.MISSING);
        assertThat(new ModuleFiles(loaded, folder).state("ip_vs_twos")).isEqualTo(State.UNKNOWN);
    }
}
