package weft.collective;

/** Writes a collective's transfers; a reader may write one in a cell. */
@FunctionalInterface
public interface Algorithm {
  /**
   * Adds the transfers for {@code b.ranks()} ranks with arrays of {@code b.elements()} elements.
   */
  void write(ScheduleBuilder b);

  /** What it writes. */
  default Schedule schedule(String name, int ranks, int elements) {
    var builder = new ScheduleBuilder(name, ranks, elements);
    write(builder);
    return builder.build();
  }
}
