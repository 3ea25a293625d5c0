package io.fairlead.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asserts the sentences that operators will read. */
class KernelExceptionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | EPERM (1), not permitted: needs CAP_NET_ADMIN",
                "2 | ENOENT (2), no such entry",
                "3 | ESRCH (3), no such virtual server",
                "4 | EINTR (4), interrupted",
                "11 | EAGAIN (11), try again",
                "12 | ENOMEM (12), out of memory",
                "13 | EACCES (13), permission denied",
                "16 | EBUSY (16), busy",
                "17 | EEXIST (17), exists already",
                "22 | EINVAL (22), invalid argument",
                "34 | ERANGE (34), out of range",
                "90 | EMSGSIZE (90), message too long",
                "95 | EOPNOTSUPP (95), not supported",
                "97 | EAFNOSUPPORT (97), address family not supported",
                "105 | ENOBUFS (105), no buffer space",
                "71 | errno 71",
            })
    void everyErrorNumberHasItsText(int errno, String text) {
        assertThat(Errno.text(errno)).isEqualTo(text);
    }

    @Test
    void aRefusalSaysWhatWasDoneAndWhatTheKernelSaid() {
        assertThat(new ErrnoException("read time-outs", Errno.EPERM, ""))
                .hasMessage("read time-outs: EPERM (1), not permitted: needs CAP_NET_ADMIN");
        assertThat(new ErrnoException("read time-outs", Errno.EINVAL, "Attribute failed policy validation"))
                .hasMessage("read time-outs: EINVAL (22), invalid argument: Attribute failed policy validation");
        assertThat(new ErrnoException("read time-outs", 71, "").errno()).isEqualTo(71);
    }

    @Test
    void theOtherFailuresSayWhatWasExpected() {
        assertThat(new KernelTimeoutException("receive by netlink", Duration.ofSeconds(5)))
                .hasMessage("receive by netlink: no answer from the kernel within 5000 ms");
        assertThat(new MalformedReplyException("nlmsghdr", 20, "length 3 (expected: 16..40)"))
                .hasMessage("malformed reply from the kernel: nlmsghdr at byte 20: length 3 (expected: 16..40)");
        assertThat(new UnsupportedKernelException("no IPVS")).hasMessage("no IPVS");
    }
}
