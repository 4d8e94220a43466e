package weft.job;

import weft.cluster.Server;
import weft.report.Digits;
import weft.units.Check;
import weft.units.Rate;

/**
 * The front-end network: storage nodes and the servers' front-end ports on a leaf-spine of their
 * own, so that data and checkpoints never meet the backend's collectives.
 *
 * <p>Bytes go as fast as the narrowest of three lets them: the servers' ports together, the spines,
 * the storage nodes together. Of ports and spines {@value AxisTime#NIC_SHARE} carry payload.
 *
 * @param storageNodes how many, at least 1
 * @param nic rate of each one's port, usually 100 to 200 Gb/s
 * @param reading what each one's drives deliver
 * @param writing what each one's drives take
 * @param oversubscription servers' ports over the spines' share, at least 1; 1 is non-blocking
 */
public record FrontEnd(
    int storageNodes, Rate nic, Rate reading, Rate writing, double oversubscription) {
  /**
   * @throws IllegalArgumentException if something is missing or out of range
   */
  public FrontEnd {
    Check.atLeast(1, "storage nodes", storageNodes, "write for example FrontEnd.of(64, gbps(200))");
    Check.notNull("a storage node's nic", nic, "write for example gbps(200)");
    Check.notNull("what a node's drives read", reading, "write for example gbps(200)");
    Check.notNull("what a node's drives write", writing, "write for example gbps(100)");
    if (!(oversubscription >= 1) || Double.isInfinite(oversubscription)) {
      throw new IllegalArgumentException(
          "the front end's oversubscription is servers' ports over the spines' share, 1 or more, but was %s: 1 is non-blocking"
              .formatted(oversubscription));
    }
  }

  /** Storage nodes whose drives keep up with their ports, on a non-blocking leaf-spine. */
  public static FrontEnd of(int storageNodes, Rate nic) {
    return new FrontEnd(storageNodes, nic, nic, nic, 1);
  }

  /** With drives of this rate in each storage node. */
  public FrontEnd drives(Rate read, Rate write) {
    return new FrontEnd(storageNodes, nic, read, write, oversubscription);
  }

  /** With spines that carry so many times less than all servers' ports together. */
  public FrontEnd oversubscription(double ratio) {
    return new FrontEnd(storageNodes, nic, reading, writing, ratio);
  }

  /** What one direction comes to, and what holds it back. */
  record Narrowest(double bytesPerSecond, String part) {}

  /** From storage to so many servers. */
  Narrowest toServers(int servers, Server server) {
    return narrowest(servers, server, reading, "drives' reads");
  }

  /** From so many servers to storage. */
  Narrowest toStorage(int servers, Server server) {
    return narrowest(servers, server, writing, "drives' writes");
  }

  private Narrowest narrowest(int servers, Server server, Rate drives, String named) {
    checkPorts(server);
    double ports = AxisTime.NIC_SHARE * servers * server.frontEndPorts() * bytes(server.frontEnd());
    double spines = ports / oversubscription;
    double nics = AxisTime.NIC_SHARE * storageNodes * bytes(nic);
    double all = storageNodes * bytes(drives);
    double least = Math.min(Math.min(ports, spines), Math.min(nics, all));
    if (least == all) {
      return new Narrowest(least, named);
    }
    if (least == nics) {
      return new Narrowest(least, "storage nodes' ports");
    }
    return new Narrowest(least, least == ports ? "servers' ports" : "spines");
  }

  private static void checkPorts(Server server) {
    if (server.frontEndPorts() == 0) {
      throw new IllegalArgumentException(
          "servers reach storage by their front-end ports, but a %s has none: write for example server.frontEnd(4, gbps(200))"
              .formatted(server.name()));
    }
  }

  private static double bytes(Rate rate) {
    return rate.bitsPerSecond() / 8.0;
  }

  /** For example {@code 64 storage nodes at 200 Gb/s, front end 1:1}. */
  @Override
  public String toString() {
    return "%d storage nodes at %s, front end %s:1"
        .formatted(storageNodes, nic, Digits.of(oversubscription));
  }
}
