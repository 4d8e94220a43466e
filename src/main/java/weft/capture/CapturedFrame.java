package weft.capture;

import weft.units.Check;
import weft.units.Time;

/**
 * A frame as it passed a point of the network.
 *
 * @param at when its first bit left
 * @param point where, as an index into the points of its {@link Capture}
 * @param frame what
 * @param comment what a reader should know of it; Wireshark shows it; empty for none
 */
public record CapturedFrame(Time at, int point, Frame frame, String comment) {
  /** Nothing may be missing. */
  public CapturedFrame {
    Check.notNull("the time", at, "write us(1)");
    Check.notNull("the frame", frame, "write Frame.of(...)");
    Check.notNull("the comment", comment, "write \"\" for none");
    Check.atLeast(0, "the point", point, "count the capture's points from 0");
  }
}
