package io.fairlead.linux.nftables;

import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.AttributeSet;

/**
 * The part of {@code include/uapi/linux/netfilter/nf_tables.h} that Fairlead uses, each attribute once. Numbers are in
 * network order here, unlike in other families.
 */
final class NftablesAttributes {

    static final int NFNL_SUBSYS_NFTABLES = 10;
    static final int NFNL_MSG_BATCH_BEGIN = 0x10;
    static final int NFNL_MSG_BATCH_END = 0x11;

    static final int NFT_MSG_NEWTABLE = 0;
    static final int NFT_MSG_GETTABLE = 1;
    static final int NFT_MSG_DELTABLE = 2;
    static final int NFT_MSG_NEWCHAIN = 3;
    static final int NFT_MSG_GETCHAIN = 4;
    static final int NFT_MSG_NEWRULE = 6;
    static final int NFT_MSG_GETRULE = 7;
    static final int NFT_MSG_NEWSET = 9;
    static final int NFT_MSG_GETSET = 10;
    static final int NFT_MSG_NEWSETELEM = 12;
    static final int NFT_MSG_GETSETELEM = 13;
    static final int NFT_MSG_GETGEN = 16;

    static final int NFPROTO_INET = 1;
    static final int NFPROTO_IPV4 = 2;
    static final int NFPROTO_IPV6 = 10;

    static final Attr<Long> NFTA_GEN_ID = Attr.u32Network(1, "NFTA_GEN_ID");

    static final Attr<String> NFTA_TABLE_NAME = Attr.string(1, "NFTA_TABLE_NAME");
    static final Attr<Long> NFTA_TABLE_FLAGS = Attr.u32Network(2, "NFTA_TABLE_FLAGS");
    /** What {@code nft} shows as a comment: type 0, length, text with NUL. Linux 5.10+; ignored before. */
    static final Attr<byte[]> NFTA_TABLE_USERDATA = Attr.binary(6, "NFTA_TABLE_USERDATA");

    static final Attr<String> NFTA_CHAIN_TABLE = Attr.string(1, "NFTA_CHAIN_TABLE");
    static final Attr<String> NFTA_CHAIN_NAME = Attr.string(3, "NFTA_CHAIN_NAME");
    static final Attr<AttributeSet> NFTA_CHAIN_HOOK = Attr.nested(4, "NFTA_CHAIN_HOOK");
    static final Attr<Long> NFTA_CHAIN_POLICY = Attr.u32Network(5, "NFTA_CHAIN_POLICY");
    static final Attr<String> NFTA_CHAIN_TYPE = Attr.string(7, "NFTA_CHAIN_TYPE");

    static final Attr<Long> NFTA_HOOK_HOOKNUM = Attr.u32Network(1, "NFTA_HOOK_HOOKNUM");
    /** Signed. */
    static final Attr<Long> NFTA_HOOK_PRIORITY = Attr.u32Network(2, "NFTA_HOOK_PRIORITY");

    static final Attr<String> NFTA_RULE_TABLE = Attr.string(1, "NFTA_RULE_TABLE");
    static final Attr<String> NFTA_RULE_CHAIN = Attr.string(2, "NFTA_RULE_CHAIN");
    static final Attr<AttributeSet> NFTA_RULE_EXPRESSIONS = Attr.nested(4, "NFTA_RULE_EXPRESSIONS");

    static final Attr<AttributeSet> NFTA_LIST_ELEM = Attr.nested(1, "NFTA_LIST_ELEM");

    static final Attr<String> NFTA_SET_TABLE = Attr.string(1, "NFTA_SET_TABLE");
    static final Attr<String> NFTA_SET_NAME = Attr.string(2, "NFTA_SET_NAME");
    static final Attr<Long> NFTA_SET_FLAGS = Attr.u32Network(3, "NFTA_SET_FLAGS");
    /** Of meaning to {@code nft} only, which shows keys by it. */
    static final Attr<Long> NFTA_SET_KEY_TYPE = Attr.u32Network(4, "NFTA_SET_KEY_TYPE");

    static final Attr<Long> NFTA_SET_KEY_LEN = Attr.u32Network(5, "NFTA_SET_KEY_LEN");
    static final Attr<Long> NFTA_SET_DATA_TYPE = Attr.u32Network(6, "NFTA_SET_DATA_TYPE");
    static final Attr<Long> NFTA_SET_DATA_LEN = Attr.u32Network(7, "NFTA_SET_DATA_LEN");
    static final Attr<AttributeSet> NFTA_SET_DESC = Attr.nested(9, "NFTA_SET_DESC");
    /** Required, though names would do. */
    static final Attr<Long> NFTA_SET_ID = Attr.u32Network(10, "NFTA_SET_ID");
    /** Byte orders, for {@code nft} only: type, length, number in host order. */
    static final Attr<byte[]> NFTA_SET_USERDATA = Attr.binary(13, "NFTA_SET_USERDATA");

    /** The fields of a key, for sets of ranges over several fields. Linux 5.6+. */
    static final Attr<AttributeSet> NFTA_SET_DESC_CONCAT = Attr.nested(2, "NFTA_SET_DESC_CONCAT");

    static final Attr<Long> NFTA_SET_FIELD_LEN = Attr.u32Network(1, "NFTA_SET_FIELD_LEN");

    static final long NFT_SET_INTERVAL = 0x4;
    static final long NFT_SET_MAP = 0x8;
    static final long NFT_SET_CONCAT = 0x80;
    /** The data type by which nft shows marks. */
    static final long TYPE_MARK = 19;

    static final long NFT_DATA_VERDICT = 0xffffff00L;

    static final Attr<String> NFTA_SET_ELEM_LIST_TABLE = Attr.string(1, "NFTA_SET_ELEM_LIST_TABLE");
    static final Attr<String> NFTA_SET_ELEM_LIST_SET = Attr.string(2, "NFTA_SET_ELEM_LIST_SET");
    static final Attr<AttributeSet> NFTA_SET_ELEM_LIST_ELEMENTS = Attr.nested(3, "NFTA_SET_ELEM_LIST_ELEMENTS");
    static final Attr<AttributeSet> NFTA_SET_ELEM_KEY = Attr.nested(1, "NFTA_SET_ELEM_KEY");
    static final Attr<AttributeSet> NFTA_SET_ELEM_DATA = Attr.nested(2, "NFTA_SET_ELEM_DATA");
    static final Attr<Long> NFTA_SET_ELEM_FLAGS = Attr.u32Network(3, "NFTA_SET_ELEM_FLAGS");
    static final Attr<AttributeSet> NFTA_SET_ELEM_KEY_END = Attr.nested(10, "NFTA_SET_ELEM_KEY_END");
    static final long NFT_SET_ELEM_INTERVAL_END = 0x1;

    static final Attr<byte[]> NFTA_DATA_VALUE = Attr.binary(1, "NFTA_DATA_VALUE");
    static final Attr<AttributeSet> NFTA_DATA_VERDICT = Attr.nested(2, "NFTA_DATA_VERDICT");
    /** Signed. */
    static final Attr<Long> NFTA_VERDICT_CODE = Attr.u32Network(1, "NFTA_VERDICT_CODE");

    static final Attr<String> NFTA_VERDICT_CHAIN = Attr.string(2, "NFTA_VERDICT_CHAIN");
    static final long NF_DROP = 0;
    static final long NF_ACCEPT = 1;
    static final long NFT_JUMP = 0xfffffffdL;

    static final Attr<String> NFTA_EXPR_NAME = Attr.string(1, "NFTA_EXPR_NAME");
    static final Attr<AttributeSet> NFTA_EXPR_DATA = Attr.nested(2, "NFTA_EXPR_DATA");

    static final Attr<Long> NFTA_META_DREG = Attr.u32Network(1, "NFTA_META_DREG");
    static final Attr<Long> NFTA_META_KEY = Attr.u32Network(2, "NFTA_META_KEY");
    static final Attr<Long> NFTA_META_SREG = Attr.u32Network(3, "NFTA_META_SREG");
    static final long NFT_META_MARK = 3;
    static final long NFT_META_NFPROTO = 15;
    static final long NFT_META_L4PROTO = 16;

    static final Attr<Long> NFTA_PAYLOAD_DREG = Attr.u32Network(1, "NFTA_PAYLOAD_DREG");
    static final Attr<Long> NFTA_PAYLOAD_BASE = Attr.u32Network(2, "NFTA_PAYLOAD_BASE");
    static final Attr<Long> NFTA_PAYLOAD_OFFSET = Attr.u32Network(3, "NFTA_PAYLOAD_OFFSET");
    static final Attr<Long> NFTA_PAYLOAD_LEN = Attr.u32Network(4, "NFTA_PAYLOAD_LEN");
    static final long NFT_PAYLOAD_NETWORK_HEADER = 1;
    static final long NFT_PAYLOAD_TRANSPORT_HEADER = 2;

    static final Attr<Long> NFTA_CMP_SREG = Attr.u32Network(1, "NFTA_CMP_SREG");
    static final Attr<Long> NFTA_CMP_OP = Attr.u32Network(2, "NFTA_CMP_OP");
    static final Attr<AttributeSet> NFTA_CMP_DATA = Attr.nested(3, "NFTA_CMP_DATA");
    static final long NFT_CMP_EQ = 0;

    static final Attr<String> NFTA_LOOKUP_SET = Attr.string(1, "NFTA_LOOKUP_SET");
    static final Attr<Long> NFTA_LOOKUP_SREG = Attr.u32Network(2, "NFTA_LOOKUP_SREG");
    static final Attr<Long> NFTA_LOOKUP_DREG = Attr.u32Network(3, "NFTA_LOOKUP_DREG");
    static final Attr<Long> NFTA_LOOKUP_FLAGS = Attr.u32Network(5, "NFTA_LOOKUP_FLAGS");
    static final long NFT_LOOKUP_F_INV = 1;

    static final Attr<Long> NFTA_CT_DREG = Attr.u32Network(1, "NFTA_CT_DREG");
    static final Attr<Long> NFTA_CT_KEY = Attr.u32Network(2, "NFTA_CT_KEY");
    static final Attr<Integer> NFTA_CT_DIRECTION = Attr.u8(3, "NFTA_CT_DIRECTION");
    static final long NFT_CT_PROTO_DST = 12;
    /** Linux 4.17+, as the next. */
    static final long NFT_CT_DST_IP = 20;

    static final long NFT_CT_DST_IP6 = 22;
    static final int IP_CT_DIR_ORIGINAL = 0;

    static final Attr<Long> NFTA_IMMEDIATE_DREG = Attr.u32Network(1, "NFTA_IMMEDIATE_DREG");
    static final Attr<AttributeSet> NFTA_IMMEDIATE_DATA = Attr.nested(2, "NFTA_IMMEDIATE_DATA");

    private NftablesAttributes() {}
}
