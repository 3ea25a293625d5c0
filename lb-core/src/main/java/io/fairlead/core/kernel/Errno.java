package io.fairlead.core.kernel;

/** The error numbers that Fairlead tells apart, as on every Linux architecture that Java runs on. */
public final class Errno {

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ERANGE = 34;
    public static final int EMSGSIZE = 90;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENOBUFS = 105;

    private Errno() {}

    /** Returns the name and number, and for the common ones what they mean, such as {@code EEXIST (17), exists already}. */
    public static String text(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM (1), not permitted: needs CAP_NET_ADMIN";
            case ENOENT -> "ENOENT (2), no such entry";
            case ESRCH -> "ESRCH (3), no such virtual server";
            case EINTR -> "EINTR (4), interrupted";
            case EAGAIN -> "EAGAIN (11), try again";
            case ENOMEM -> "ENOMEM (12), out of memory";
            case EACCES -> "EACCES (13), permission denied";
            case EBUSY -> "EBUSY (16), busy";
            case EEXIST -> "EEXIST (17), exists already";
            case ENODEV -> "ENODEV (19), no such interface";
            case EINVAL -> "EINVAL (22), invalid argument";
            case ERANGE -> "ERANGE (34), out of range";
            case EMSGSIZE -> "EMSGSIZE (90), message too long";
            case EPROTONOSUPPORT -> "EPROTONOSUPPORT (93), protocol not supported";
            case EOPNOTSUPP -> "EOPNOTSUPP (95), not supported";
            case EAFNOSUPPORT -> "EAFNOSUPPORT (97), address family not supported";
            case EADDRNOTAVAIL -> "EADDRNOTAVAIL (99), no such address";
            case ENETDOWN -> "ENETDOWN (100), interface is down";
            case ENOBUFS -> "ENOBUFS (105), no buffer space";
            default -> "errno " + errno;
        };
    }
}
