package io.fairlead.conf;

import io.fairlead.conf.ServerBlocks.Block;
import io.fairlead.core.model.VirtualServerKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The text of a valid file with the configuration that it means, and the way from there to a slightly different text. */
final class LoadedText {

    private static final int[] COMPARED_AT_ONCE = {1 << 16, 1 << 10, 1};

    private final ByteBuffer text;
    private final FairleadConfig config;
    /** Where the virtual servers stand. */
    private final ServerBlocks blocks;

    private final NavigableMap<String, ConfiguredVirtualServer> byName;

    private LoadedText(
            ByteBuffer text,
            FairleadConfig config,
            ServerBlocks blocks,
            NavigableMap<String, ConfiguredVirtualServer> byName) {
        this.text = text;
        this.config = config;
        this.blocks = blocks;
        this.byName = byName;
    }

    FairleadConfig config() {
        return config;
    }

    /** Returns the text, which nobody may change while this is in use. */
    ByteBuffer text() {
        return text;
    }

    /** Returns the text with what it means; empty if it is of a shape that can only be loaded whole. */
    static Optional<LoadedText> of(ByteBuffer text, FairleadConfig config) {
        byte[] bytes = bytes(text, 0, text.limit());
        if (SubstitutionSize.hasSubstitutions(List.of(new String(bytes, StandardCharsets.ISO_8859_1)))) {
            return Optional.empty(); // the bound on these is one on the whole file
        }
        return ServerBlocks.find(bytes).flatMap(blocks -> {
            NavigableMap<String, ConfiguredVirtualServer> byName = new TreeMap<>();
            for (ConfiguredVirtualServer virtualServer : config.virtualServers()) {
                byName.put(virtualServer.spec().name(), virtualServer);
            }
            return blocks.blocks().size() == byName.size()
                    ? Optional.of(new LoadedText(text, config, blocks, byName))
                    : Optional.empty(); // a virtual server in several blocks
        });
    }

    /**
     * Returns what {@code now} means, if it differs only in virtual servers, and these are valid.
     *
     * @param now from 0 to its limit; kept by what is returned
     */
    Optional<LoadedText> changedTo(Path file, ByteBuffer now) {
        int sameBefore = text.mismatch(now);
        if (sameBefore < 0) {
            return Optional.of(this);
        }
        int sameAfter = sameAtEnd(now, Math.min(text.limit(), now.limit()) - sameBefore);
        int changeEnd = text.limit() - sameAfter;
        if (sameBefore < blocks.from() || changeEnd > blocks.to()) {
            return Optional.empty();
        }
        List<Block> all = blocks.blocks();
        int first = lastStartingBy(all, sameBefore);
        int last = firstEndingFrom(all, changeEnd);
        int from = first < 0 ? blocks.from() : all.get(first).start();
        boolean toTheEnd = last == all.size();
        int to = toTheEnd ? blocks.to() : all.get(last).end();
        int growth = now.limit() - text.limit();
        byte[] part = bytes(now, from, to + growth);
        Optional<List<Block>> found = ServerBlocks.members(part, 0, part.length, toTheEnd);
        return found.map(members -> shifted(members, from))
                .flatMap(members -> splice(
                        file,
                        now,
                        from,
                        to + growth,
                        all.subList(Math.max(0, first), Math.min(all.size(), last + 1)),
                        members,
                        new ServerBlocks(
                                blocks.from(),
                                blocks.to() + growth,
                                spliced(all, Math.max(0, first), Math.min(all.size(), last + 1), members, growth))));
    }

    /**
     * Puts a text into {@code longer} that means the same and differs from this one within its last virtual server.
     *
     * @param longer has room for one byte more than this text has
     */
    void putWithOneBlankMore(ByteBuffer longer) {
        int at = blocks.blocks().isEmpty()
                ? blocks.to()
                : blocks.blocks().getLast().end() - 1;
        longer.clear()
                .put(text.slice(0, at))
                .put((byte) ' ')
                .put(text.slice(at, text.limit() - at))
                .flip();
    }

    private int sameAtEnd(ByteBuffer now, int max) {
        int same = 0;
        for (int step : COMPARED_AT_ONCE) {
            while (same + step <= max
                    && equal(text, text.limit() - same - step, now, now.limit() - same - step, step)) {
                same += step;
            }
        }
        return same;
    }

    private static boolean equal(ByteBuffer one, int start, ByteBuffer other, int otherStart, int length) {
        return one.slice(start, length).mismatch(other.slice(otherStart, length)) < 0;
    }

    private static byte[] bytes(ByteBuffer text, int from, int to) {
        byte[] bytes = new byte[to - from];
        text.get(from, bytes);
        return bytes;
    }

    private static List<Block> shifted(List<Block> blocks, int by) {
        return blocks.stream().map(block -> block.shifted(by)).toList();
    }

    private static int lastStartingBy(List<Block> blocks, int position) {
        int found = -1;
        for (int i = 0; i < blocks.size() && blocks.get(i).start() <= position; i++) {
            found = i;
        }
        return found;
    }

    private static int firstEndingFrom(List<Block> blocks, int position) {
        int i = 0;
        while (i < blocks.size() && blocks.get(i).end() < position) {
            i++;
        }
        return i;
    }

    private static List<Block> spliced(List<Block> all, int first, int end, List<Block> members, int growth) {
        List<Block> result = new ArrayList<>(all.size() + members.size());
        result.addAll(all.subList(0, first));
        result.addAll(members);
        List<Block> behind = all.subList(end, all.size());
        if (growth == 0) {
            result.addAll(behind);
        } else {
            behind.forEach(block -> result.add(block.shifted(growth)));
        }
        return result;
    }

    /**
     * Loads a file that is {@code now} without all virtual servers that stand there as before, and puts those back.
     *
     * @param from where the part of {@code now} that may have changed begins
     * @param to where it ends
     * @param before the blocks of this text that may have changed
     * @param after the blocks of {@code now} in their place
     */
    private Optional<LoadedText> splice(
            Path file,
            ByteBuffer now,
            int from,
            int to,
            List<Block> before,
            List<Block> after,
            ServerBlocks nowBlocks) {
        Map<String, Block> beforeByName = new HashMap<>();
        before.forEach(block -> beforeByName.put(block.name(), block));
        Set<String> unchanged = new HashSet<>();
        ByteArrayOutputStream abridged = new ByteArrayOutputStream();
        abridged.writeBytes(bytes(now, 0, blocks.from()));
        abridged.write('\n');
        int at = from;
        for (Block block : after) {
            Block old = beforeByName.get(block.name());
            if (old != null
                    && old.end() - old.start() == block.end() - block.start()
                    && equal(text, old.start(), now, block.start(), block.end() - block.start())
                    && unchanged.add(block.name())) {
                abridged.writeBytes(bytes(now, at, block.start()));
                at = block.end();
            }
        }
        abridged.writeBytes(bytes(now, at, to));
        abridged.write('\n');
        abridged.writeBytes(bytes(now, nowBlocks.to(), now.limit()));

        NavigableMap<String, ConfiguredVirtualServer> merged = new TreeMap<>(byName);
        beforeByName.keySet().stream().filter(name -> !unchanged.contains(name)).forEach(merged::remove);
        return decode(abridged.toByteArray())
                .filter(abridgedText ->
                        abridgedText.indexOf('\0') < 0 && !SubstitutionSize.hasSubstitutions(List.of(abridgedText)))
                .flatMap(abridgedText -> ConfigFile.loadText(file, abridgedText))
                .flatMap(changed -> merge(now, nowBlocks, changed, merged));
    }

    /** Only what changed needs checking: all the rest was decoded before. */
    private static Optional<String> decode(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private Optional<LoadedText> merge(
            ByteBuffer now,
            ServerBlocks nowBlocks,
            FairleadConfig changed,
            NavigableMap<String, ConfiguredVirtualServer> merged) {
        for (ConfiguredVirtualServer virtualServer : changed.virtualServers()) {
            if (merged.put(virtualServer.spec().name(), virtualServer) != null) {
                return Optional.empty(); // a name twice: the library would merge the two
            }
        }
        if (merged.size() != nowBlocks.blocks().size() || sharesKey(merged, changed)) {
            return Optional.empty();
        }
        return Optional.of(
                new LoadedText(now, changed.withVirtualServers(List.copyOf(merged.values())), nowBlocks, merged));
    }

    private boolean sharesKey(NavigableMap<String, ConfiguredVirtualServer> merged, FairleadConfig changed) {
        if (CheckPaths.of(changed.virtualServers()).isEmpty()
                && changed.virtualServers().stream().allMatch(this::hadPortsBefore)) {
            return false; // as it did not before
        }
        if (PortClaims.overlap(merged.values())) {
            return true;
        }
        if (!CheckPaths.of(merged.values()).isEmpty()) {
            return true; // or might, as those of the checks' paths depend on all
        }
        Set<VirtualServerKey> keys = new HashSet<>();
        for (ConfiguredVirtualServer virtualServer : changed.virtualServers()) {
            keys.add(virtualServer.spec().key());
        }
        int holders = 0;
        for (ConfiguredVirtualServer virtualServer : merged.values()) {
            if (keys.contains(virtualServer.spec().key())) {
                holders++;
            }
        }
        return holders != changed.virtualServers().size();
    }

    private boolean hadPortsBefore(ConfiguredVirtualServer virtualServer) {
        ConfiguredVirtualServer before = byName.get(virtualServer.spec().name());
        return before != null
                && before.spec().key().equals(virtualServer.spec().key())
                && before.packets().mark().equals(virtualServer.packets().mark())
                && before.packets()
                        .destinations()
                        .equals(virtualServer.packets().destinations());
    }
}
