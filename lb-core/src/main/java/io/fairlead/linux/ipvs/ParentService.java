package io.fairlead.linux.ipvs;

import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.linux.wire.Attr;
import io.fairlead.linux.wire.MessageWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the service that a destination belongs to once for all its destinations, which follow one another in a plan: half
 * of the work of a message.
 */
final class ParentService {

    private final MessageWriter scratch = new MessageWriter(256);
    private @Nullable VirtualServerKey last;
    private byte[] encoded = new byte[0];

    /** Returns the attributes that identify the service {@code key}; valid until the next call. */
    Attr.Body identity(VirtualServerKey key) {
        if (!Objects.equals(key, last)) {
            ServiceCodec.identity(key).accept(scratch.clear());
            encoded = scratch.toBytes();
            last = key;
        }
        return this::write;
    }

    private void write(MessageWriter out) {
        MessageWriter _ = out.encoded(encoded);
    }
}
