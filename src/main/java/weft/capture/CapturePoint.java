package weft.capture;

import weft.units.Check;
import weft.units.Rate;

/**
 * Where frames are captured: one direction of a link, as an interface of the file.
 *
 * @param name for example {@code gpu3 > leaf0}
 * @param rate the link's rate
 */
public record CapturePoint(String name, Rate rate) {
  /** Neither may be missing. */
  public CapturePoint {
    Check.notNull("the point's name", name, "write for example \"gpu0 > leaf0\"");
    Check.notNull("the point's rate", rate, "write gbps(400)");
  }
}
