package io.fairlead.linux.wire;

/** Flags and types of {@code struct nlmsghdr}. */
public final class MessageFlags {

    public static final int NLM_F_REQUEST = 0x1;
    public static final int NLM_F_ACK = 0x4;
    /** In a reply to a dump: the table changed while it was read. */
    public static final int NLM_F_DUMP_INTR = 0x10;

    public static final int NLM_F_DUMP = 0x300;
    /** In a request for something new: create it if it is not there. */
    public static final int NLM_F_CREATE = 0x400;
    /** In a request for something new: put it behind what is there. */
    public static final int NLM_F_APPEND = 0x800;
    /** In an error message: the request is echoed as its header alone. */
    public static final int NLM_F_CAPPED = 0x100;
    /** In an error message: attributes follow, among them the kernel's words. */
    public static final int NLM_F_ACK_TLVS = 0x200;

    public static final int NLMSG_NOOP = 1;
    public static final int NLMSG_ERROR = 2;
    public static final int NLMSG_DONE = 3;
    public static final int NLMSG_OVERRUN = 4;

    private MessageFlags() {}
}
