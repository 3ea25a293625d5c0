package io.fairlead.health.check;

/** A question that is asked over the network, of the target's address and port. */
public sealed interface NetworkProbeSpec extends ProbeSpec
        permits TcpProbeSpec, TlsProbeSpec, HttpProbeSpec, GrpcProbeSpec, UdpProbeSpec, DnsProbeSpec, SmtpProbeSpec {

    /** Returns how to get there. */
    ConnectionSpec connection();

    /** Returns the same question, asked over another connection. */
    NetworkProbeSpec withConnection(ConnectionSpec other);
}
