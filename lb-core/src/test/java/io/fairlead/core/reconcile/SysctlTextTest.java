package io.fairlead.core.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.SysctlSetting;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SysctlTextTest {

    @ParameterizedTest
    @CsvSource({
        "net.ipv4.ip_forward, 1, sysctl -w net.ipv4.ip_forward=1",
        "net.ipv4.vs.sync_threshold, 3 0, sysctl -w net.ipv4.vs.sync_threshold=\"3 0\"",
        "net.ipv4.tcp_rmem, 4096\t131072, sysctl -w net.ipv4.tcp_rmem=\"4096\t131072\"",
    })
    void isOneArgumentForAShell(String name, String value, String line) {
        assertThat(SysctlText.line(new SysctlSetting(name, value))).isEqualTo(line);
    }
}
