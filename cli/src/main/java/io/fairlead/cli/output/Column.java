package io.fairlead.cli.output;

/**
 * A column of a table, and what may become of it where there is little room.
 *
 * @param leansRight whether its cells lean to the right, as numbers do
 * @param floor the least width that it is shortened to; {@link Integer#MAX_VALUE} if it is never shortened
 * @param comfort the width below which it is shortened only when no other column can be left out any more
 * @param keepsEnds whether the middle is left out of what is too long, because names differ at both ends, or else the end
 * @param leaves when it is left out: the columns with the lowest number first; {@link Integer#MAX_VALUE}: never
 * @param least how wide it is even if nothing in it is
 */
record Column(String heading, boolean leansRight, int floor, int comfort, boolean keepsEnds, int leaves, int least) {

    private static final int NEVER = Integer.MAX_VALUE;

    /** Returns a column that is always shown in full, its cells on the left. */
    static Column left(String heading) {
        return new Column(heading, false, NEVER, NEVER, false, NEVER, 0);
    }

    /** Returns a column that is always shown in full, its cells on the right. */
    static Column right(String heading) {
        return new Column(heading, true, NEVER, NEVER, false, NEVER, 0);
    }

    /** Returns the same, whose cells lose their ends where there is no room. */
    Column shrinking(int least, int comfortable) {
        return new Column(heading, leansRight, least, comfortable, false, leaves, this.least);
    }

    /** Returns the same, whose cells lose their middles where there is no room. */
    Column shrinkingInside(int least, int comfortable) {
        return new Column(heading, leansRight, least, comfortable, true, leaves, this.least);
    }

    /** Returns the same, left out where there is no room, before those with a higher number. */
    Column leaving(int order) {
        return new Column(heading, leansRight, floor, comfort, keepsEnds, order, least);
    }

    /** Returns the same, never narrower than this, so that it does not move when its cells change. */
    Column atLeast(int width) {
        return new Column(heading, leansRight, floor, comfort, keepsEnds, leaves, width);
    }

    boolean mayLeave() {
        return leaves != NEVER;
    }
}
