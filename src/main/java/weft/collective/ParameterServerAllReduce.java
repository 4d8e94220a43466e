package weft.collective;

import weft.units.Check;
import weft.units.DataSize;

/** See {@link AllReduce#parameterServer(int)}. */
record ParameterServerAllReduce(int servers) implements AllReduce {
  ParameterServerAllReduce {
    Check.atLeast(1, "the number of parameter servers", servers, "give 1 or more");
  }

  @Override
  public Schedule schedule(int ranks, int elements) {
    if (servers > ranks) {
      throw new IllegalArgumentException(
          "parameter servers are ranks 0 to %d, but there are only %d ranks: lower the servers"
              .formatted(servers - 1, ranks));
    }
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    ScheduleBuilder.checkSize(toString(), 2L * servers * (ranks - 1L));
    var shards = new Cut(0, elements, servers);
    for (int server = 0; server < servers; server++) {
      int count = shards.count(server, server + 1);
      for (int rank = 0; rank < ranks && count > 0; rank++) {
        if (rank != server) {
          builder.reduce(0, rank, server, shards.bound(server), count);
          builder.copy(1, server, rank, shards.bound(server), count);
        }
      }
    }
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    double share = (double) size.bytes() * (ranks - 1) / servers;
    return ranks == 1 ? Cost.NONE : new Cost(2, 2 * share, share);
  }

  @Override
  public String toString() {
    return servers == 1 ? "parameter server AllReduce" : servers + " parameter servers AllReduce";
  }
}
