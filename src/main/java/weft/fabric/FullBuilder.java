package weft.fabric;

import weft.cluster.Server;
import weft.units.Check;

/**
 * A builder of a fabric that has a certain number of places for GPUs, which hosts of one GPU take
 * unless servers are given. Servers fill the places one after the other.
 *
 * @param <B> the builder itself
 */
public abstract class FullBuilder<B extends FullBuilder<B>> extends FabricBuilder<B> {
  FullBuilder() {
    server = Server.HOST;
  }

  /** As many servers of this kind as there is room for. */
  public B servers(Server kind) {
    Check.notNull("the kind of servers", kind, "write for example servers(DGX_H100)");
    return with(
        f -> {
          f.servers = 0;
          f.server = kind;
        });
  }

  /**
   * How many servers there are, all that fit unless a number was given.
   *
   * @param room places for GPUs
   * @param holds the fabric and the arithmetic of its room, for the refusal
   */
  final int serversIn(long room, String holds) {
    if (room > MOST_GPUS) {
      throw new IllegalArgumentException(
          "a fabric joins at most %,d GPUs, but %s = %,d: build a smaller one"
              .formatted(MOST_GPUS, holds, room));
    }
    int count = servers == 0 ? (int) room / server.gpus() : servers;
    long gpus = (long) count * server.gpus();
    if (gpus > room) {
      throw new IllegalArgumentException(
          "%s = %,d GPUs, but %,d servers of %d have %,d: build a larger one or lower the servers"
              .formatted(holds, room, count, server.gpus(), gpus));
    }
    if (gpus < 2) {
      throw new IllegalArgumentException(
          "%s = %,d GPUs, too few for two GPUs of %s: build a larger one"
              .formatted(holds, room, server.name()));
    }
    return count;
  }

  /** The servers as {@link #toString} writes them. */
  final String serversText() {
    return "%s x %s".formatted(servers == 0 ? "as many as fit" : servers, server.name());
  }
}
