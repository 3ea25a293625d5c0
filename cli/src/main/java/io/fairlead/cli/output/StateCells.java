package io.fairlead.cli.output;

import io.fairlead.appliance.admin.StatusReport.MemberLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import org.jspecify.annotations.Nullable;

/** In which state something is, in as many words as there is room for. */
final class StateCells {

    private StateCells() {}

    /** Returns how many real servers are healthy, and who answers instead. */
    static Cell pool(VirtualServerLine line) {
        String share = line.healthy() + "/" + line.realServers().size();
        Tone tone =
                pool(line.healthy() == line.realServers().size(), line.pool().quorum());
        return line.pool().isSorry()
                ? Cell.of(share + " healthy, sorry server answers")
                        .or(share + ", sorry server")
                        .or(share + " sorry")
                        .in(Tone.BAD)
                : Cell.of(share + " healthy").in(tone);
    }

    /** @param quorum held, lost or undecided */
    static Tone pool(boolean isWhole, String quorum) {
        return switch (quorum) {
            case "lost" -> Tone.BAD;
            case "held" -> isWhole ? Tone.GOOD : Tone.ODD;
            default -> Tone.ODD;
        };
    }

    /** Returns what the checks say, and what the operator and the policy made of it. */
    static Cell realServer(RealServerLine line) {
        MemberLine member = line.member();
        String health = line.health() + (line.disputed() ? " (peers disagree)" : "");
        Cell cell;
        if (member.phase() != null) {
            String phase = health + ", " + member.phase();
            cell = member.until() == null
                    ? Cell.of(phase)
                    : Cell.of(phase + " until " + member.until()).or(phase);
            cell = cell.or(line.health() + ", " + member.phase()).or(member.phase());
        } else if (!member.admin().equals("enabled")) {
            cell = Cell.of(health + ", " + member.admin()).or(member.admin());
        } else if (isReweighted(line)) {
            cell = Cell.of(health + ", weight set").or(health);
        } else {
            cell = line.disputed() ? Cell.of(health).or(line.health() + "?") : Cell.of(health);
        }
        return cell.in(tone(line));
    }

    static boolean isReweighted(RealServerLine line) {
        @Nullable Integer weight = line.member().adminWeight();
        return weight != null && weight != line.configuredWeight();
    }

    private static Tone tone(RealServerLine line) {
        boolean isPlain = line.member().admin().equals("enabled") && !line.disputed() && !isReweighted(line);
        Tone tone = tone(line.health());
        return tone == Tone.GOOD && !isPlain ? Tone.ODD : tone;
    }

    /** @param health healthy, unhealthy or unknown */
    static Tone tone(String health) {
        return switch (health) {
            case "healthy" -> Tone.GOOD;
            case "unhealthy" -> Tone.BAD;
            default -> Tone.ODD;
        };
    }
}
