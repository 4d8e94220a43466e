package weft.collective;

import weft.units.DataSize;

/**
 * See {@link AllReduce#hierarchical(int)}.
 *
 * @param between what joins the servers, once for each rail
 * @param gpus ranks of a server
 */
record HierarchicalAllReduce(AllReduce between, int gpus) implements AllReduce {
  HierarchicalAllReduce {
    Servers.check(gpus);
  }

  @Override
  public Schedule schedule(int ranks, int elements) {
    var servers = Servers.of(toString(), ranks, gpus);
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    for (int s = 0; s < servers.count(); s++) {
      new Rings(builder, servers.members(s), 0, elements).reduceScatter(0, -1);
    }
    var parts = new Cut(0, elements, gpus);
    int step = gpus - 1;
    int next = step;
    for (int g = 0; g < gpus && servers.count() > 1; g++) {
      if (parts.count(g, g + 1) > 0) {
        Schedule rail = between.schedule(servers.count(), parts.count(g, g + 1));
        int gpu = g;
        builder.helpers(rail.helpers());
        builder.include(
            rail,
            step,
            r -> r < servers.count() ? r * gpus + gpu : ranks + r - servers.count(),
            parts.bound(g));
        next = Math.max(next, step + rail.steps());
      }
    }
    for (int s = 0; s < servers.count(); s++) {
      new Rings(builder, servers.members(s), 0, elements).allGather(next, 0);
    }
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    var servers = Servers.of(toString(), ranks, gpus);
    double inside = (double) size.bytes() * (gpus - 1) / gpus;
    Cost rail =
        servers.count() == 1
            ? Cost.NONE
            : between.cost(servers.count(), new DataSize(size.bytes() / gpus));
    return new Cost(gpus - 1, inside, inside).then(rail).then(new Cost(gpus - 1, inside, 0));
  }

  @Override
  public String toString() {
    return "hierarchical " + between + " in servers of " + gpus;
  }
}
