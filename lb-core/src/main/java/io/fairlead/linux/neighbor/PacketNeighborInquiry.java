package io.fairlead.linux.neighbor;

import io.fairlead.core.kernel.InterfaceStatus;
import io.fairlead.core.kernel.NeighborInquiry;
import io.fairlead.core.net.HardwareAddress;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.linux.socket.PacketSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks through packet sockets: whole frames, so that no route, no neighbour table and no firewall rule of our own has a say.
 * The sockets are open only while it asks, since the kernel shows each packet of a family to a socket of that family.
 */
public final class PacketNeighborInquiry implements NeighborInquiry {

    /** How long those that are asked have to answer before they are asked again, and after the last time. */
    private static final List<Duration> ROUNDS =
            List.of(Duration.ofMillis(20), Duration.ofMillis(80), Duration.ofMillis(100), PATIENCE.minusMillis(200));

    /** It may be enough by time alone. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private static final int FRAME_BYTES_MAX = 256;

    private final Ticker ticker;
    private final ByteBuffer received = ByteBuffer.allocateDirect(FRAME_BYTES_MAX);

    public PacketNeighborInquiry(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Where answers to some questions come from. */
    private record Ear(String interfaceName, IpFamily family) {}

    @Override
    public void ask(Set<Question> questions, Host host, Enough enough) {
        Map<String, InterfaceStatus> interfaces = new HashMap<>();
        host.interfaces().forEach(status -> interfaces.put(status.name(), status));
        Map<Ear, PacketSocket> ears = new HashMap<>();
        try (PacketSocket mouth = PacketSocket.open()) {
            Map<Question, PacketSocket.Frame> frames = new HashMap<>();
            for (Question question : questions) {
                InterfaceStatus status = interfaces.get(question.interfaceName());
                if (status != null && status.up() && status.hardwareAddress().isPresent()) {
                    IpFamily family = question.address().family();
                    frames.put(
                            question,
                            mouth.frame(
                                    frame(question, status.hardwareAddress().get(), host),
                                    status.index(),
                                    protocol(family)));
                    ears.computeIfAbsent(new Ear(status.name(), family), ear -> listen(status.index(), ear.family()));
                }
            }
            converse(mouth, frames, ears, enough);
        } finally {
            ears.values().forEach(PacketSocket::close);
        }
    }

    private static byte[] frame(Question question, HardwareAddress hardware, Host host) {
        IpAddress source = QuestionSource.of(question, host.addresses());
        return question.address().family() == IpFamily.IPV4
                ? NeighborFrames.arpQuestion(hardware, source, question.address())
                : NeighborFrames.neighborSolicitation(hardware, source, question.address());
    }

    private static int protocol(IpFamily family) {
        return family == IpFamily.IPV4 ? NeighborFrames.ETH_P_ARP : NeighborFrames.ETH_P_IPV6;
    }

    private static PacketSocket listen(int interfaceIndex, IpFamily family) {
        return PacketSocket.listen(
                interfaceIndex,
                protocol(family),
                family == IpFamily.IPV4 ? NeighborFrames.ARP_REPLIES : NeighborFrames.ADVERTISEMENTS);
    }

    private void converse(
            PacketSocket mouth, Map<Question, PacketSocket.Frame> frames, Map<Ear, PacketSocket> ears, Enough enough) {
        List<PacketSocket> listening = List.copyOf(ears.values());
        Map<Question, Set<HardwareAddress>> answers = new HashMap<>();
        Duration before = Duration.ZERO;
        for (Duration round : ROUNDS) {
            frames.forEach((question, frame) -> {
                if (!answers.containsKey(question)) {
                    int _ = mouth.send(frame); // what cannot be sent is not answered
                }
            });
            MonotonicInstant begun = ticker.now();
            MonotonicInstant end = begun.plus(round);
            while (true) {
                MonotonicInstant now = ticker.now();
                ears.forEach((ear, socket) -> read(ear, socket, frames.keySet(), answers));
                if (enough.isEnough(answers, before.plus(now.since(begun)))) {
                    return;
                }
                if (!now.isBefore(end)) {
                    break;
                }
                Duration left = end.since(now);
                PacketSocket.await(listening, left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
            }
            before = before.plus(round);
        }
    }

    private void read(
            Ear ear, PacketSocket socket, Set<Question> questions, Map<Question, Set<HardwareAddress>> answers) {
        while (socket.receive(received)) {
            NeighborFrames.answer(received, ear.family()).ifPresent(answer -> {
                Question question = new Question(ear.interfaceName(), answer.address());
                if (questions.contains(question)) {
                    answers.computeIfAbsent(question, _ -> new HashSet<>()).add(answer.hardware());
                }
            });
        }
    }
}
