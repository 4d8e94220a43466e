package weft.experiment;

import java.util.Optional;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;

/**
 * One RDMA WRITE on a queue pair of its own.
 *
 * @param source GPU that writes
 * @param destination GPU written to, another one
 * @param size bytes written, at least 1
 * @param start when it is posted
 * @param trafficClass the name of the class it is in, where there are several
 */
public record Flow(
    int source, int destination, DataSize size, Time start, Optional<String> trafficClass) {
  /** 2^30 packets of the smallest MTU. */
  private static final long MOST_BYTES = 1L << 38;

  private static final long LATEST_PS = Long.MAX_VALUE / 2;

  /**
   * @throws IllegalArgumentException if a GPU would write to itself or nothing would be written
   */
  public Flow {
    Check.atLeast(0, "a flow's source", source, "GPUs are numbered from 0");
    Check.atLeast(0, "a flow's destination", destination, "GPUs are numbered from 0");
    Check.notNull("a flow's size", size, "write for example mb(1)");
    Check.notNull("a flow's start", start, "write for example Time.ZERO");
    Check.notNull("a flow's traffic class", trafficClass, "write Optional.empty() for none");
    if (source == destination) {
      throw new IllegalArgumentException(
          "a flow joins two GPUs, but both ends are GPU " + source + ": change one of them");
    }
    if (size.bytes() < 1 || size.bytes() > MOST_BYTES) {
      throw new IllegalArgumentException(
          "a flow carries from 1 byte to %s, but size was %s: write for example mb(1)"
              .formatted(new DataSize(MOST_BYTES), size));
    }
    if (start.ps() > LATEST_PS) {
      throw new IllegalArgumentException(
          "a flow starts in the first half of the 106 days that simulated time lasts, but start was %s: start it earlier"
              .formatted(start));
    }
  }

  /** In no class of its own. */
  public Flow(int source, int destination, DataSize size, Time start) {
    this(source, destination, size, start, Optional.empty());
  }

  /** In a traffic class of {@link Experiment#scheduling}. */
  public Flow inClass(String name) {
    Check.notNull("a traffic class", name, "write for example \"storage\"");
    return new Flow(source, destination, size, start, Optional.of(name));
  }
}
