package io.fairlead.linux.nftables;

import static io.fairlead.linux.nftables.NftablesAttributes.*;

import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.AttributeSet;
import io.fairlead.linux.wire.MessageWriter;
import java.util.Optional;

/**
 * One step of a rule, as the kernel runs it: loads go into registers, tests end the rule where they fail. Registers are
 * numbered as the kernel reports them: 0 the verdict, 1 the first 16 bytes, 9 and so on the 4 bytes behind their first 4.
 */
sealed interface Expression {

    int VERDICT_REGISTER = 0;
    int FIRST_REGISTER = 1;

    /** Returns the register {@code words} times 4 bytes behind the first. */
    static int register(int words) {
        return words % 4 == 0 ? FIRST_REGISTER + words / 4 : 8 + words;
    }

    /** Loads something about the packet that stands in none of its headers. */
    record LoadMeta(long key, long register) implements Expression {}

    /** Sets the firewall mark of the packet. */
    record SetMark(long register) implements Expression {}

    /** Loads bytes of a header. */
    record LoadHeader(long base, long offset, long length, long register) implements Expression {}

    /** Loads what the first packet of the connection said. */
    record LoadOriginal(long key, long register) implements Expression {}

    /** Goes on if the register begins with that byte. */
    record IsByte(long register, int value) implements Expression {}

    /** Goes on if what begins at a register is in a set, or is not. */
    record IsIn(String set, long register, boolean inverted) implements Expression {}

    /** Goes on if what begins at a register is a key of a map, with its value in another register. */
    record LookUp(String map, long register, long valueRegister) implements Expression {}

    /** Counts packets and bytes. */
    record Count() implements Expression {}

    /** Drops the packet. */
    record Drop() implements Expression {}

    /** Gives the connection the address of the outgoing interface as its source. */
    record Masquerade() implements Expression {}

    /** What we never write. */
    record Foreign(String name) implements Expression {}

    /** Writes the expression as {@code NFTA_LIST_ELEM}. */
    default void write(MessageWriter out) {
        switch (this) {
            case LoadMeta(var key, var register) ->
                named(out, "meta", body -> body.put(NFTA_META_DREG, register).put(NFTA_META_KEY, key));
            case SetMark(var register) ->
                named(
                        out,
                        "meta",
                        body -> body.put(NFTA_META_KEY, NFT_META_MARK).put(NFTA_META_SREG, register));
            case LoadHeader(var base, var offset, var length, var register) ->
                named(
                        out,
                        "payload",
                        body -> body.put(NFTA_PAYLOAD_DREG, register)
                                .put(NFTA_PAYLOAD_BASE, base)
                                .put(NFTA_PAYLOAD_OFFSET, offset)
                                .put(NFTA_PAYLOAD_LEN, length));
            case LoadOriginal(var key, var register) ->
                named(
                        out,
                        "ct",
                        body -> body.put(NFTA_CT_DREG, register)
                                .put(NFTA_CT_KEY, key)
                                .put(NFTA_CT_DIRECTION, IP_CT_DIR_ORIGINAL));
            case IsByte(var register, var value) ->
                named(
                        out,
                        "cmp",
                        body -> body.put(NFTA_CMP_SREG, register)
                                .put(NFTA_CMP_OP, NFT_CMP_EQ)
                                .nest(NFTA_CMP_DATA, data -> data.put(NFTA_DATA_VALUE, new byte[] {(byte) value})));
            case IsIn(var set, var register, var inverted) ->
                named(
                        out,
                        "lookup",
                        body -> body.put(NFTA_LOOKUP_SET, set)
                                .put(NFTA_LOOKUP_SREG, register)
                                .put(NFTA_LOOKUP_FLAGS, inverted ? NFT_LOOKUP_F_INV : 0));
            case LookUp(var map, var register, var valueRegister) ->
                named(
                        out,
                        "lookup",
                        body -> body.put(NFTA_LOOKUP_SET, map)
                                .put(NFTA_LOOKUP_SREG, register)
                                .put(NFTA_LOOKUP_DREG, valueRegister));
            case Count() -> named(out, "counter", body -> {});
            case Drop() ->
                named(
                        out,
                        "immediate",
                        body -> body.put(NFTA_IMMEDIATE_DREG, (long) VERDICT_REGISTER)
                                .nest(
                                        NFTA_IMMEDIATE_DATA,
                                        data -> data.nest(
                                                NFTA_DATA_VERDICT,
                                                verdict -> verdict.put(NFTA_VERDICT_CODE, NF_DROP))));
            case Masquerade() -> named(out, "masq", body -> {});
            case Foreign(var name) -> throw new IllegalStateException("expression " + name + " is not ours to write");
        }
    }

    private static void named(MessageWriter out, String name, Attr.Body body) {
        out.nest(NFTA_LIST_ELEM, element -> element.put(NFTA_EXPR_NAME, name).nest(NFTA_EXPR_DATA, body));
    }

    /** Reads what the kernel reports; {@link Foreign} for all that we would not have written. */
    static Expression read(AttributeSet element) {
        String name = element.require(NFTA_EXPR_NAME);
        Optional<AttributeSet> data = element.find(NFTA_EXPR_DATA);
        return data.flatMap(body -> switch (name) {
                    case "meta" -> meta(body);
                    case "payload" -> payload(body);
                    case "ct" -> original(body);
                    case "cmp" -> compare(body);
                    case "lookup" -> lookup(body);
                    case "counter" -> Optional.of(new Count());
                    case "immediate" -> drop(body);
                    case "masq" -> Optional.of(new Masquerade());
                    default -> Optional.<Expression>empty();
                })
                .orElseGet(() -> name.equals("masq") ? new Masquerade() : new Foreign(name));
    }

    private static Optional<Expression> meta(AttributeSet body) {
        long key = body.require(NFTA_META_KEY);
        Optional<Expression> load = body.find(NFTA_META_DREG).map(register -> new LoadMeta(key, register));
        return load.isPresent() || key != NFT_META_MARK
                ? load
                : body.find(NFTA_META_SREG).map(SetMark::new);
    }

    private static Optional<Expression> payload(AttributeSet body) {
        return body.find(NFTA_PAYLOAD_DREG)
                .map(register -> new LoadHeader(
                        body.require(NFTA_PAYLOAD_BASE),
                        body.require(NFTA_PAYLOAD_OFFSET),
                        body.require(NFTA_PAYLOAD_LEN),
                        register));
    }

    private static Optional<Expression> original(AttributeSet body) {
        return body.find(NFTA_CT_DIRECTION)
                .filter(direction -> direction == IP_CT_DIR_ORIGINAL)
                .flatMap(_ -> body.find(NFTA_CT_DREG))
                .map(register -> new LoadOriginal(body.require(NFTA_CT_KEY), register));
    }

    private static Optional<Expression> compare(AttributeSet body) {
        byte[] value = body.require(NFTA_CMP_DATA).find(NFTA_DATA_VALUE).orElse(new byte[0]);
        return value.length == 1 && body.require(NFTA_CMP_OP) == NFT_CMP_EQ
                ? Optional.of(new IsByte(body.require(NFTA_CMP_SREG), Byte.toUnsignedInt(value[0])))
                : Optional.empty();
    }

    private static Optional<Expression> lookup(AttributeSet body) {
        String set = body.require(NFTA_LOOKUP_SET);
        long register = body.require(NFTA_LOOKUP_SREG);
        boolean inverted = body.find(NFTA_LOOKUP_FLAGS).orElse(0L) == NFT_LOOKUP_F_INV;
        return Optional.of(body.find(NFTA_LOOKUP_DREG)
                .<Expression>map(value -> new LookUp(set, register, value))
                .orElseGet(() -> new IsIn(set, register, inverted)));
    }

    private static Optional<Expression> drop(AttributeSet body) {
        return body.require(NFTA_IMMEDIATE_DATA)
                .find(NFTA_DATA_VERDICT)
                .filter(verdict -> verdict.require(NFTA_VERDICT_CODE) == NF_DROP)
                .map(_ -> new Drop());
    }
}
