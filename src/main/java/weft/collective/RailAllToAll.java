package weft.collective;

import weft.units.DataSize;

/** See {@link AllToAll#hierarchical(int)}. */
record RailAllToAll(int gpus) implements AllToAll {
  RailAllToAll {
    Servers.check(gpus);
  }

  /**
   * GPU i of server A gives GPU j what is for rail j; that one stores it where it will send it
   * from: what is for server B, from GPU i, at block (B, i).
   */
  @Override
  public Schedule schedule(int ranks, int elements) {
    var servers = Servers.of(toString(), ranks, gpus);
    int block = AllToAll.block(toString(), ranks, elements);
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    for (int a = 0; a < servers.count(); a++) {
      for (int i = 0; i < gpus; i++) {
        for (int hop = 1; hop < gpus; hop++) {
          collect(builder, servers.count(), a * gpus, i, (i + hop) % gpus, block);
        }
        for (int hop = 1; hop < servers.count(); hop++) {
          int b = (a + hop) % servers.count();
          builder.place(
              gpus > 1 ? 1 : 0,
              a * gpus + i,
              b * gpus + i,
              b * gpus * block,
              a * gpus * block,
              gpus * block);
        }
      }
    }
    return builder.build();
  }

  private void collect(
      ScheduleBuilder builder, int servers, int firstRank, int i, int j, int block) {
    builder.place(0, firstRank + i, firstRank + j, j * block, i * block, block);
    for (int b = 1; b < servers; b++) {
      builder.also((b * gpus + j) * block, (b * gpus + i) * block, block);
    }
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    var servers = Servers.of(toString(), ranks, gpus);
    double n = size.bytes();
    return new Cost(
        Math.min(1, gpus - 1) + Math.min(1, servers.count() - 1),
        n * (gpus - 1) / gpus + n * (servers.count() - 1) / servers.count(),
        0);
  }

  @Override
  public String toString() {
    return "hierarchical AllToAll in servers of " + gpus;
  }
}
