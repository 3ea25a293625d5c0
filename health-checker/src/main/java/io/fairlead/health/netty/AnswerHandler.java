package io.fairlead.health.netty;

import io.fairlead.health.check.FailureReason;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** The last in a pipeline: takes what the codecs made of the answer, and the end of the connection. Of one attempt. */
abstract class AnswerHandler extends ChannelInboundHandlerAdapter {

    private static final String CLOSED_UNANSWERED = "connection closed without an answer";
    static final String CLOSED_IN_THE_MIDDLE = "connection closed in the middle of the answer";

    private final Attempt attempt;

    AnswerHandler(Attempt attempt) {
        this.attempt = attempt;
    }

    final Attempt attempt() {
        return attempt;
    }

    /** Looks at one part of the answer, which is released afterwards. Not called after the verdict. */
    abstract void read(ChannelHandlerContext context, Object message) throws Exception;

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        try {
            if (!attempt.isOver()) {
                read(context, message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        attempt.failed(FailureReason.CLOSED, attempt.isAnswering() ? CLOSED_IN_THE_MIDDLE : CLOSED_UNANSWERED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        attempt.failed(cause);
    }
}
