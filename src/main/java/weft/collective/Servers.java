package weft.collective;

import java.util.stream.IntStream;
import weft.units.Check;

/** Ranks that share servers: server s has ranks s·g to before (s+1)·g. */
record Servers(int count, int gpus) {
  static Servers of(String name, int ranks, int gpus) {
    if (ranks % gpus != 0) {
      throw new IllegalArgumentException(
          "%s needs full servers of %d ranks, but %d ranks leave %d over: give a multiple of %d ranks"
              .formatted(name, gpus, ranks, ranks % gpus, gpus));
    }
    return new Servers(ranks / gpus, gpus);
  }

  static int check(int gpus) {
    return Check.atLeast(1, "the ranks of a server", gpus, "a DGX has 8");
  }

  int[] members(int server) {
    return IntStream.range(server * gpus, (server + 1) * gpus).toArray();
  }
}
