package io.fairlead.health.netty;

import io.fairlead.core.net.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.dns.AbstractDnsRecord;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** Records of DNS as a zone file would write them, for comparison with what the operator wrote. */
final class DnsText {

    private DnsText() {}

    /** Returns {@code text} so that two ways of writing one record are equal: case, spaces, quotes, form of an address. */
    static String canonical(String text) {
        String plain = text.strip().replaceAll("\\s+", " ").replace("\"", "");
        if (plain.indexOf(':') >= 0) {
            try {
                return IpAddress.parse(plain).toString();
            } catch (IllegalArgumentException _) {
                // not an address
            }
        }
        String lower = plain.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") && lower.length() > 1 ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** A record with its data as text. */
    static final class TextRecord extends AbstractDnsRecord {

        private final String canonical;

        TextRecord(String name, DnsRecordType type, long timeToLive, String text) {
            super(name, type, timeToLive);
            this.canonical = DnsText.canonical(text);
        }

        String canonical() {
            return canonical;
        }
    }

    /** Names in the data may be compressed (RFC 1035 §4.1.4), so they are decoded while the whole message is there. */
    static final class Decoder extends DefaultDnsRecordDecoder {

        @Override
        protected DnsRecord decodeRecord(
                String name, DnsRecordType type, int dnsClass, long timeToLive, ByteBuf in, int offset, int length) {
            ByteBuf data = in.duplicate().setIndex(offset, offset + length);
            try {
                return new TextRecord(name, type, Math.max(0, timeToLive), text(type.intValue(), data));
            } catch (IndexOutOfBoundsException | CorruptedFrameException e) {
                throw new CorruptedFrameException("record of type " + type.intValue(), e);
            }
        }

        private static String text(int type, ByteBuf data) {
            return switch (type) {
                case 1, 28 -> address(ByteBufUtil.getBytes(data));
                case 2, 5, 12 -> decodeName(data);
                case 6 ->
                    decodeName(data) + " " + decodeName(data) + " " + data.readUnsignedInt() + " "
                            + data.readUnsignedInt() + " " + data.readUnsignedInt() + " " + data.readUnsignedInt()
                            + " " + data.readUnsignedInt();
                case 15 -> data.readUnsignedShort() + " " + decodeName(data);
                case 16 -> strings(data);
                case 33 ->
                    data.readUnsignedShort() + " " + data.readUnsignedShort() + " " + data.readUnsignedShort() + " "
                            + decodeName(data);
                case 257 -> caa(data);
                // RFC 3597 §5
                default -> "\\# " + data.readableBytes() + " " + HexFormat.of().formatHex(ByteBufUtil.getBytes(data));
            };
        }

        private static String address(byte[] bytes) {
            try {
                return IpAddress.parse(InetAddress.getByAddress(bytes).getHostAddress())
                        .toString();
            } catch (UnknownHostException e) {
                throw new CorruptedFrameException("an address of " + bytes.length + " bytes", e);
            }
        }

        private static String strings(ByteBuf data) {
            StringBuilder text = new StringBuilder();
            while (data.isReadable()) {
                text.append(text.isEmpty() ? "" : " ")
                        .append(data.readCharSequence(data.readUnsignedByte(), StandardCharsets.ISO_8859_1));
            }
            return text.toString();
        }

        private static String caa(ByteBuf data) {
            int flags = data.readUnsignedByte();
            CharSequence tag = data.readCharSequence(data.readUnsignedByte(), StandardCharsets.ISO_8859_1);
            return flags + " " + tag + " " + data.readCharSequence(data.readableBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
