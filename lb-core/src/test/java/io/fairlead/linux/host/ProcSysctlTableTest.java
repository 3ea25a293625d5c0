package io.fairlead.linux.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcSysctlTableTest {

    @Test
    void readsSettingsOfSeveralDigitsAndNumbersWhole() {
        assertThat(new ProcSysctlTable().read("net.ipv4.tcp_wmem").orElseThrow())
                .as("three numbers")
                .matches("\\d+ \\d+ \\d+");
        Path seconds = Path.of("/proc/sys/net/ipv4/tcp_keepalive_time");
        if (Files.exists(seconds)) {
            assertThat(new ProcSysctlTable().read("net.ipv4.tcp_keepalive_time").orElseThrow())
                    .as("seconds, of which the kernel gives what the first read has room for")
                    .matches("\\d{2,}");
        }
    }
}
