package io.fairlead.health.netty;

import io.fairlead.health.check.FailureReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts what comes in, before anything looks at it: stands first in a pipeline. Of one attempt. */
final class AnswerLimit extends ChannelInboundHandlerAdapter {

    private final Attempt attempt;
    private final int bytesMax;
    private int bytesLeft;

    AnswerLimit(Attempt attempt, int bytesMax) {
        this.attempt = attempt;
        this.bytesMax = bytesMax;
        this.bytesLeft = bytesMax;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            attempt.answerBegins();
            bytesLeft -= bytes.readableBytes();
            if (bytesLeft < 0) {
                bytes.release();
                attempt.failed(FailureReason.MALFORMED, "malformed answer: no verdict within " + bytesMax + " bytes");
                return;
            }
        }
        context.fireChannelRead(message);
    }
}
