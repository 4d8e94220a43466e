package weft.cluster;

/** See {@link Placement#railAligned}. */
final class RailOrder {
  private RailOrder() {}

  static int[] gpus(int ranks, int gpus, int gpusPerServer) {
    if (gpus % gpusPerServer != 0) {
      throw new IllegalArgumentException(
          "a rail-aligned placement needs servers of %d GPUs each, but the fabric has %d GPUs, which is no multiple: give the GPUs each of its servers has"
              .formatted(gpusPerServer, gpus));
    }
    int servers = gpus / gpusPerServer;
    int[] placed = new int[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      int rail = rank / servers;
      int along = rank % servers;
      int server = rail % 2 == 0 ? along : servers - 1 - along;
      placed[rank] = server * gpusPerServer + rail;
    }
    return placed;
  }
}
