package io.fairlead.health.check;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Passes when a query is answered with the expected code and, if one is given, the expected record.
 *
 * @param name what is asked for, with or without the final dot; a single dot for the root
 * @param recordType such as A or SOA
 * @param expectCode the mnemonic of the response code, such as NOERROR
 * @param expectAnswer how one record of the answer must read, as in a zone file; empty for anything, also nothing
 */
public record DnsProbeSpec(
        ConnectionSpec connection,
        Transport transport,
        String name,
        DnsRecordKind recordType,
        DnsCode expectCode,
        Optional<String> expectAnswer)
        implements NetworkProbeSpec {

    /** What carries the query. */
    public enum Transport {
        UDP,
        TCP
    }

    private static final Pattern NAME =
            Pattern.compile("\\.|(?=.{1,254}$)([A-Za-z0-9_*-]{1,63}\\.)*[A-Za-z0-9_*-]{1,63}\\.?");

    public DnsProbeSpec {
        if (!isName(name)) {
            throw new IllegalArgumentException("name \"" + name + "\" (expected: a domain name)");
        }
    }

    /** Returns whether {@code text} is a name that can be asked for. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    @Override
    public DnsProbeSpec withConnection(ConnectionSpec other) {
        return new DnsProbeSpec(other, transport, name, recordType, expectCode, expectAnswer);
    }

    @Override
    public String type() {
        return "dns";
    }
}
