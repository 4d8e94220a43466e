package weft.fabric;

import java.util.Arrays;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Where a job's ranks sit, and what lies between each and the next. */
final class RankTable {
  private RankTable() {}

  static Table of(Fabric fabric, int[] gpuOfRank) {
    int n = gpuOfRank.length;
    int[] ranks = new int[n];
    Arrays.setAll(ranks, rank -> rank);
    var server = StringColumn.create("server");
    var leaf = StringColumn.create("leaf");
    var way = StringColumn.create("way to the next rank");
    for (int rank = 0; rank < n; rank++) {
      Node here = fabric.nodes().get(fabric.node(gpuOfRank[rank]));
      int next = gpuOfRank[(rank + 1) % n];
      server.append(here.server() == Node.NO_SERVER ? "none" : "server" + here.server());
      leaf.append(leaf(fabric, gpuOfRank[rank]));
      way.append(n == 1 ? "none" : way(fabric, gpuOfRank[rank], next));
    }
    return Table.create(
        n + " ranks on " + fabric.name(),
        IntColumn.create("rank", ranks),
        IntColumn.create("GPU", gpuOfRank),
        server,
        leaf,
        way);
  }

  private static String way(Fabric fabric, int from, int to) {
    int here = fabric.nodes().get(fabric.node(from)).server();
    int there = fabric.nodes().get(fabric.node(to)).server();
    if (here == there && here != Node.NO_SERVER) {
      return "NVLink";
    }
    String leaf = leaf(fabric, from);
    if (leaf.equals(leaf(fabric, to))) {
      return leaf.equals("none") ? "cable" : leaf + " alone";
    }
    return "leaf, spine, leaf";
  }

  private static String leaf(Fabric fabric, int gpu) {
    int node = fabric.node(gpu);
    for (int index : fabric.linksAt(node)) {
      Link link = fabric.links().get(index);
      Node other = fabric.nodes().get(link.a() == node ? link.b() : link.a());
      if (other.isSwitch(1)) {
        return other.name();
      }
    }
    return "none";
  }
}
