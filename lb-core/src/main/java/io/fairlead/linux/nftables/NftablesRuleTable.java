package io.fairlead.linux.nftables;

import static io.fairlead.linux.nftables.NftablesAttributes.*;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.PacketRuleTable;
import io.fairlead.core.kernel.UnsupportedKernelException;
import io.fairlead.core.model.PacketRules;
import io.fairlead.linux.nftables.TableLayout.ChainLayout;
import io.fairlead.linux.nftables.TableLayout.Element;
import io.fairlead.linux.nftables.TableLayout.Hook;
import io.fairlead.linux.nftables.TableLayout.KeyType;
import io.fairlead.linux.nftables.TableLayout.SetLayout;
import io.fairlead.linux.nftables.TableLayout.ValueType;
import io.fairlead.linux.socket.NetlinkSocket;
import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.AttributeSet;
import io.fairlead.linux.wire.MessageFlags;
import io.fairlead.linux.wire.MessageWriter;
import io.fairlead.linux.wire.NetlinkChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Table {@code inet fairlead} of this process's network namespace. Owned by one platform thread. */
public final class NftablesRuleTable implements PacketRuleTable, AutoCloseable {

    /** The name by which the table is ours, whoever made it: what else it holds does not survive. */
    public static final String TABLE = "fairlead";

    private static final String COMMENT = "made by Fairlead, which undoes other changes";

    /** An attribute holds at most 64 KiB, and an element at most 120 bytes. */
    private static final int ELEMENTS_PER_MESSAGE = 500;

    private static final int ELEMENT_BYTES_MAX = 128;
    private static final int OBJECT_BYTES_MAX = 1024;
    private static final int READ_TRIES_MAX = 5;

    /** Elements in order, the end of one range before the start of the next: what the kernel's checks expect. */
    private static final Comparator<Element> ELEMENT_ORDER = Comparator.comparing(
                    (Element element) -> bytes(element.key()), Arrays::compareUnsigned)
            .thenComparing(element -> !element.endsRange());

    private final Supplier<NetlinkChannel> channels;
    private @Nullable NftablesNetlink connected;

    private NftablesRuleTable(Supplier<NetlinkChannel> channels) {
        this.channels = channels;
    }

    /** Returns the table. Its channel is opened with the first question, for a kernel without nf_tables may do as well. */
    public static NftablesRuleTable open() {
        return over(() -> NetlinkSocket.open(NetlinkSocket.NETFILTER));
    }

    /** Uses the channel that {@code channels} gives when one is needed: for tests and measurements. */
    public static NftablesRuleTable over(Supplier<NetlinkChannel> channels) {
        return new NftablesRuleTable(channels);
    }

    private NftablesNetlink nftables() {
        NftablesNetlink present = connected;
        if (present == null) {
            try {
                present = new NftablesNetlink(channels.get());
            } catch (ErrnoException e) {
                if (e.errno() == Errno.EPROTONOSUPPORT) {
                    throw unsupported();
                }
                throw e;
            }
            connected = present;
        }
        return present;
    }

    private static UnsupportedKernelException unsupported() {
        return new UnsupportedKernelException(
                "the kernel has no nf_tables (expected: module nf_tables, try: modprobe nf_tables)");
    }

    @Override
    public long generation() {
        try {
            return nftables()
                    .ask("read the generation of nf_tables", NFT_MSG_GETGEN, body -> {})
                    .require(NFTA_GEN_ID);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EINVAL) { // nobody answers for this part of netfilter
                throw unsupported();
            }
            throw e;
        }
    }

    @Override
    public boolean holds(PacketRules rules) {
        Optional<TableLayout> wanted = rules.isEmpty() ? Optional.empty() : Optional.of(RuleLayout.of(rules));
        return read().equals(wanted);
    }

    @Override
    public void replace(PacketRules rules) {
        if (rules.isEmpty()) {
            // Made first, because to delete what is not there is refused.
            NftablesNetlink.Transaction transaction = nftables().begin(OBJECT_BYTES_MAX);
            renewTable(transaction, false);
            transaction.commit("remove nf_tables table inet " + TABLE);
            return;
        }
        TableLayout layout = RuleLayout.of(rules);
        NftablesNetlink.Transaction transaction = nftables().begin(capacity(layout));
        renewTable(transaction, true);
        long id = 0;
        for (Map.Entry<String, SetLayout> set : layout.sets().entrySet()) {
            newSet(transaction, set.getKey(), set.getValue(), ++id);
        }
        layout.chains().forEach((name, chain) -> newChain(transaction, name, chain));
        layout.sets().forEach((name, set) -> newElements(transaction, name, set));
        layout.chains().forEach((name, chain) -> chain.rules().forEach(rule -> newRule(transaction, name, rule)));
        transaction.commit("write nf_tables table inet " + TABLE);
    }

    private static int capacity(TableLayout layout) {
        int elements = 0;
        for (SetLayout set : layout.sets().values()) {
            elements += set.elements().size();
        }
        return OBJECT_BYTES_MAX
                        * (2 + layout.sets().size() + 4 * layout.chains().size())
                + (ELEMENT_BYTES_MAX + 1) * elements;
    }

    private static void renewTable(NftablesNetlink.Transaction transaction, boolean keep) {
        transaction.add(NFT_MSG_NEWTABLE, MessageFlags.NLM_F_CREATE, NftablesRuleTable::table);
        transaction.add(NFT_MSG_DELTABLE, 0, body -> body.put(NFTA_TABLE_NAME, TABLE));
        if (keep) {
            transaction.add(NFT_MSG_NEWTABLE, MessageFlags.NLM_F_CREATE, NftablesRuleTable::table);
        }
    }

    private static void table(MessageWriter out) {
        byte[] text = COMMENT.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer comment = ByteBuffer.allocate(3 + text.length);
        comment.put((byte) 0).put((byte) (text.length + 1)).put(text);
        out.put(NFTA_TABLE_NAME, TABLE).put(NFTA_TABLE_FLAGS, 0L).put(NFTA_TABLE_USERDATA, comment.array());
    }

    private static void newSet(NftablesNetlink.Transaction transaction, String name, SetLayout set, long id) {
        transaction.add(NFT_MSG_NEWSET, MessageFlags.NLM_F_CREATE, body -> {
            body.put(NFTA_SET_TABLE, TABLE)
                    .put(NFTA_SET_NAME, name)
                    .put(NFTA_SET_FLAGS, set.flags())
                    .put(NFTA_SET_KEY_TYPE, (long) set.key().type)
                    .put(NFTA_SET_KEY_LEN, (long) set.key().lengthBytes())
                    .put(NFTA_SET_ID, id)
                    .put(NFTA_SET_USERDATA, byteOrders(set.value()));
            switch (set.value()) {
                case NONE -> {}
                case MARK -> body.put(NFTA_SET_DATA_TYPE, TYPE_MARK).put(NFTA_SET_DATA_LEN, 4L);
                case VERDICT -> body.put(NFTA_SET_DATA_TYPE, NFT_DATA_VERDICT);
            }
            if ((set.flags() & NFT_SET_CONCAT) != 0) {
                body.nest(
                        NFTA_SET_DESC,
                        desc -> desc.nest(
                                NFTA_SET_DESC_CONCAT,
                                concat -> set.key()
                                        .fieldBytes()
                                        .forEach(bytes -> concat.nest(
                                                NFTA_LIST_ELEM,
                                                field -> field.put(NFTA_SET_FIELD_LEN, (long) bytes)))));
            }
        });
    }

    /** Tells {@code nft} that keys are in network order and marks in host order, as they are for the kernel. */
    private static byte[] byteOrders(ValueType value) {
        ByteBuffer orders =
                ByteBuffer.allocate(value == ValueType.MARK ? 12 : 6).order(ByteOrder.nativeOrder());
        orders.put((byte) 0).put((byte) 4).putInt(2);
        if (value == ValueType.MARK) {
            orders.put((byte) 1).put((byte) 4).putInt(1);
        }
        return orders.array();
    }

    private static void newChain(NftablesNetlink.Transaction transaction, String name, ChainLayout chain) {
        transaction.add(NFT_MSG_NEWCHAIN, MessageFlags.NLM_F_CREATE, body -> {
            body.put(NFTA_CHAIN_TABLE, TABLE).put(NFTA_CHAIN_NAME, name);
            chain.hook()
                    .ifPresent(hook -> body.nest(
                                    NFTA_CHAIN_HOOK,
                                    inner -> inner.put(NFTA_HOOK_HOOKNUM, hook.number)
                                            .put(NFTA_HOOK_PRIORITY, (long) hook.priority))
                            .put(NFTA_CHAIN_POLICY, NF_ACCEPT)
                            .put(NFTA_CHAIN_TYPE, hook.type));
        });
    }

    private static void newElements(NftablesNetlink.Transaction transaction, String name, SetLayout set) {
        List<Element> sorted = set.elements().stream().sorted(ELEMENT_ORDER).toList();
        for (int from = 0; from < sorted.size(); from += ELEMENTS_PER_MESSAGE) {
            List<Element> part = sorted.subList(from, Math.min(sorted.size(), from + ELEMENTS_PER_MESSAGE));
            transaction.add(
                    NFT_MSG_NEWSETELEM,
                    MessageFlags.NLM_F_CREATE,
                    body -> body.put(NFTA_SET_ELEM_LIST_TABLE, TABLE)
                            .put(NFTA_SET_ELEM_LIST_SET, name)
                            .nest(
                                    NFTA_SET_ELEM_LIST_ELEMENTS,
                                    list -> part.forEach(element -> writeElement(list, set.value(), element))));
        }
    }

    private static void writeElement(MessageWriter out, ValueType value, Element element) {
        out.nest(NFTA_LIST_ELEM, body -> {
            body.nest(NFTA_SET_ELEM_KEY, key -> key.put(NFTA_DATA_VALUE, bytes(element.key())));
            element.end()
                    .ifPresent(end -> body.nest(NFTA_SET_ELEM_KEY_END, key -> key.put(NFTA_DATA_VALUE, bytes(end))));
            if (element.endsRange()) {
                body.put(NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
            }
            switch (value) {
                case NONE -> {}
                case MARK -> body.nest(NFTA_SET_ELEM_DATA, data -> data.put(NFTA_DATA_VALUE, mark(element.mark())));
                case VERDICT ->
                    body.nest(
                            NFTA_SET_ELEM_DATA,
                            data -> data.nest(
                                    NFTA_DATA_VERDICT,
                                    verdict -> verdict.put(NFTA_VERDICT_CODE, NFT_JUMP)
                                            .put(NFTA_VERDICT_CHAIN, element.jump())));
            }
        });
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static byte[] mark(long mark) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt((int) mark)
                .array();
    }

    private static void newRule(NftablesNetlink.Transaction transaction, String chain, List<Expression> rule) {
        transaction.add(
                NFT_MSG_NEWRULE,
                MessageFlags.NLM_F_CREATE | MessageFlags.NLM_F_APPEND,
                body -> body.put(NFTA_RULE_TABLE, TABLE)
                        .put(NFTA_RULE_CHAIN, chain)
                        .nest(NFTA_RULE_EXPRESSIONS, list -> rule.forEach(expression -> expression.write(list))));
    }

    /** Returns what our table holds; empty if there is none. Anything that we do not write makes it differ from ours. */
    private Optional<TableLayout> read() {
        for (int attempt = 1; ; attempt++) {
            long before = generation();
            Optional<TableLayout> layout = readOnce();
            if (before == generation() || attempt == READ_TRIES_MAX) {
                return layout;
            }
        }
    }

    private Optional<TableLayout> readOnce() {
        try {
            nftables()
                    .ask(
                            "read nf_tables table inet " + TABLE,
                            NFT_MSG_GETTABLE,
                            body -> body.put(NFTA_TABLE_NAME, TABLE));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
        Map<String, SetLayout> sets = new HashMap<>();
        for (SetHeader header : list("read sets", NFT_MSG_GETSET, this::ofOurTable, NftablesRuleTable::readSet)) {
            sets.put(header.name(), header.layout(readElements(header.name())));
        }
        Map<String, Optional<Hook>> hooks = new HashMap<>();
        for (Map.Entry<String, Optional<Hook>> chain :
                list("read chains", NFT_MSG_GETCHAIN, this::ofOurTable, NftablesRuleTable::readChain)) {
            hooks.put(chain.getKey(), chain.getValue());
        }
        Map<String, List<List<Expression>>> rules = new HashMap<>();
        for (Map.Entry<String, List<Expression>> rule :
                list("read rules", NFT_MSG_GETRULE, this::ofOurTable, NftablesRuleTable::readRule)) {
            rules.computeIfAbsent(rule.getKey(), _ -> new ArrayList<>()).add(rule.getValue());
        }
        Map<String, ChainLayout> chains = new HashMap<>();
        hooks.forEach((name, hook) -> chains.put(name, new ChainLayout(hook, rules.getOrDefault(name, List.of()))));
        return Optional.of(new TableLayout(sets, chains));
    }

    /** Where others change rules meanwhile the list is taken as none; {@link #read} sees the generation and repeats. */
    private <T> List<T> list(
            String operation, int message, Attr.Body body, Function<AttributeSet, Optional<T>> decoder) {
        return nftables()
                .list(operation + " of nf_tables table inet " + TABLE, message, body, decoder)
                .orElse(List.of());
    }

    /** Sets, chains and rules all have their table as attribute 1. */
    private void ofOurTable(MessageWriter out) {
        out.put(NFTA_SET_TABLE, TABLE);
    }

    private static boolean isOurs(AttributeSet reply) {
        return reply.require(NFTA_SET_TABLE).equals(TABLE);
    }

    /** A set without its elements; with a key or value that is not ours it equals none of ours. */
    private record SetHeader(String name, Optional<KeyType> key, ValueType value, long flags) {

        SetLayout layout(Set<Element> elements) {
            SetLayout layout =
                    new SetLayout(key.orElse(KeyType.SOURCE_IPV4), value, (flags & NFT_SET_INTERVAL) != 0, elements);
            return key.isPresent() && layout.flags() == flags
                    ? layout
                    : new SetLayout(KeyType.SOURCE_IPV4, ValueType.VERDICT, false, Set.of()); // we make none such
        }
    }

    private static Optional<SetHeader> readSet(AttributeSet reply) {
        if (!isOurs(reply)) {
            return Optional.empty();
        }
        long type = reply.find(NFTA_SET_KEY_TYPE).orElse(0L);
        long length = reply.require(NFTA_SET_KEY_LEN);
        Optional<KeyType> key = Optional.empty();
        for (KeyType candidate : KeyType.values()) {
            if (candidate.type == type && candidate.lengthBytes() == length) {
                key = Optional.of(candidate);
            }
        }
        ValueType value = reply.find(NFTA_SET_DATA_TYPE)
                .map(data -> data == NFT_DATA_VERDICT ? ValueType.VERDICT : ValueType.MARK)
                .orElse(ValueType.NONE);
        return Optional.of(new SetHeader(
                reply.require(NFTA_SET_NAME),
                key,
                value,
                reply.find(NFTA_SET_FLAGS).orElse(0L)));
    }

    private Set<Element> readElements(String set) {
        Set<Element> elements = new HashSet<>();
        for (List<Element> part : list(
                "read set " + set,
                NFT_MSG_GETSETELEM,
                body -> body.put(NFTA_SET_ELEM_LIST_TABLE, TABLE).put(NFTA_SET_ELEM_LIST_SET, set),
                reply -> Optional.of(readElements(reply)))) {
            elements.addAll(part);
        }
        return elements;
    }

    private static List<Element> readElements(AttributeSet reply) {
        List<Element> elements = new ArrayList<>();
        reply.find(NFTA_SET_ELEM_LIST_ELEMENTS)
                .ifPresent(list -> list.all(NFTA_LIST_ELEM).forEach(body -> elements.add(readElement(body))));
        return elements;
    }

    private static Element readElement(AttributeSet body) {
        ByteBuffer key =
                body.find(NFTA_SET_ELEM_KEY).map(NftablesRuleTable::value).orElseGet(() -> ByteBuffer.allocate(0));
        Optional<ByteBuffer> end = body.find(NFTA_SET_ELEM_KEY_END)
                .map(NftablesRuleTable::value)
                .filter(last -> !last.equals(key)); // a set of ranges reports both for a single key
        boolean endsRange = body.find(NFTA_SET_ELEM_FLAGS).orElse(0L) == NFT_SET_ELEM_INTERVAL_END;
        long mark = 0;
        String jump = "";
        Optional<AttributeSet> data = body.find(NFTA_SET_ELEM_DATA);
        if (data.isPresent()) {
            Optional<AttributeSet> verdict = data.get().find(NFTA_DATA_VERDICT);
            if (verdict.isPresent()) {
                jump = verdict.get().require(NFTA_VERDICT_CODE) == NFT_JUMP
                        ? verdict.get().find(NFTA_VERDICT_CHAIN).orElse("")
                        : "";
            } else {
                ByteBuffer value = value(data.get()).order(ByteOrder.nativeOrder());
                mark = value.remaining() == 4 ? Integer.toUnsignedLong(value.getInt(0)) : 0;
            }
        }
        return new Element(key, end, endsRange, mark, jump);
    }

    private static ByteBuffer value(AttributeSet data) {
        return ByteBuffer.wrap(data.find(NFTA_DATA_VALUE).orElse(new byte[0]));
    }

    private static Optional<Map.Entry<String, Optional<Hook>>> readChain(AttributeSet reply) {
        if (!isOurs(reply)) {
            return Optional.empty();
        }
        String name = reply.require(NFTA_CHAIN_NAME);
        Optional<AttributeSet> hook = reply.find(NFTA_CHAIN_HOOK);
        if (hook.isEmpty()) {
            return Optional.of(Map.entry(name, Optional.empty()));
        }
        String type = reply.find(NFTA_CHAIN_TYPE).orElse("");
        long policy = reply.find(NFTA_CHAIN_POLICY).orElse(NF_DROP);
        for (Hook ours : Hook.values()) {
            if (ours.type.equals(type)
                    && ours.number == hook.get().require(NFTA_HOOK_HOOKNUM)
                    && ours.priority == hook.get().require(NFTA_HOOK_PRIORITY).intValue()
                    && policy == NF_ACCEPT) {
                return Optional.of(Map.entry(name, Optional.of(ours)));
            }
        }
        return Optional.of(Map.entry("foreign hook of " + name, Optional.empty())); // which no layout of ours has
    }

    private static Optional<Map.Entry<String, List<Expression>>> readRule(AttributeSet reply) {
        if (!isOurs(reply)) {
            return Optional.empty();
        }
        List<Expression> expressions = new ArrayList<>();
        reply.find(NFTA_RULE_EXPRESSIONS)
                .ifPresent(list -> list.all(NFTA_LIST_ELEM).forEach(body -> expressions.add(Expression.read(body))));
        return Optional.of(Map.entry(reply.require(NFTA_RULE_CHAIN), expressions));
    }

    @Override
    public void close() {
        if (connected != null) {
            connected.close();
            connected = null;
        }
    }
}
