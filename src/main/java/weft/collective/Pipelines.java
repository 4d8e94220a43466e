package weft.collective;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import weft.units.Check;
import weft.units.DataSize;

/** Collectives that treat every element alike, done on several parts of the array. */
final class Pipelines {
  private Pipelines() {}

  /** Elements of a chunk; at least one. */
  static int checkChunk(DataSize chunk) {
    Check.notNull("a chunk's size", chunk, "write for example mib(1)");
    if (chunk.bytes() < SizedCollective.BYTES_PER_ELEMENT) {
      throw new IllegalArgumentException(
          "a chunk holds at least one float32 of 4 bytes, but was %s: write for example mib(1)"
              .formatted(chunk));
    }
    return (int) Math.min(Integer.MAX_VALUE, chunk.bytes() / SizedCollective.BYTES_PER_ELEMENT);
  }

  /**
   * One chunk after the other: each begins one step after the one before. What holds chunks back is
   * that a pair of ranks sends in order.
   *
   * @param chunk elements of a chunk at most
   */
  static Schedule chunks(String name, Collective inner, int ranks, int elements, int chunk) {
    var cut = new Cut(0, elements, (int) ((elements + (long) chunk - 1) / chunk));
    var builder = new ScheduleBuilder(name, ranks, elements);
    Map<Integer, Schedule> made = new HashMap<>(); // by length: there are at most two
    for (int c = 0; c < cut.parts(); c++) {
      Schedule part =
          made.computeIfAbsent(cut.count(c, c + 1), count -> inner.schedule(ranks, count));
      ScheduleBuilder.checkSize(name, (long) cut.parts() * part.size());
      builder.helpers(part.helpers());
      builder.include(part, c, IntUnaryOperator.identity(), cut.bound(c));
    }
    return builder.build();
  }

  /** Which rank each rank of a channel is. */
  @FunctionalInterface
  interface Ranks {
    int of(int channel, int rank);
  }

  /** All at the same time, each channel on its own part of the array. */
  static Schedule channels(
      String name, Collective inner, int ranks, int elements, int channels, Ranks map) {
    var cut = new Cut(0, elements, channels);
    var builder = new ScheduleBuilder(name, ranks, elements);
    for (int c = 0; c < channels; c++) {
      if (cut.count(c, c + 1) > 0) {
        int channel = c;
        Schedule part = inner.schedule(ranks, cut.count(c, c + 1));
        ScheduleBuilder.checkSize(name, (long) channels * part.size());
        builder.helpers(part.helpers());
        builder.include(part, 0, r -> r < ranks ? map.of(channel, r) : r, cut.bound(c));
      }
    }
    return builder.build();
  }
}
