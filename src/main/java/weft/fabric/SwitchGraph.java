package weft.fabric;

import java.util.Arrays;
import java.util.function.Predicate;

/** Who is linked to whom, as flat arrays: by node, its neighbours, one a cable. */
final class SwitchGraph {
  private final int[] first; // by node, into the following; one more at the end
  private final int[] end;
  private final int[] link;

  private SwitchGraph(Fabric fabric, Predicate<Link> use) {
    int nodes = fabric.nodes().size();
    first = new int[nodes + 1];
    for (Link l : fabric.links()) {
      if (use.test(l)) {
        first[l.a() + 1]++;
        first[l.b() + 1]++;
      }
    }
    Arrays.parallelPrefix(first, Integer::sum);
    end = new int[first[nodes]];
    link = new int[first[nodes]];
    int[] at = first.clone();
    for (int l = 0; l < fabric.links().size(); l++) {
      Link of = fabric.links().get(l);
      if (use.test(of)) {
        link[at[of.a()]] = l;
        end[at[of.a()]++] = of.b();
        link[at[of.b()]] = l;
        end[at[of.b()]++] = of.a();
      }
    }
  }

  static SwitchGraph ofAllLinks(Fabric fabric) {
    return new SwitchGraph(fabric, l -> true);
  }

  /** Cables outside servers only. */
  static SwitchGraph ofCables(Fabric fabric) {
    return new SwitchGraph(fabric, l -> !fabric.isScaleUp(l));
  }

  /** Where a node's neighbours begin; those of the next follow. */
  int first(int node) {
    return first[node];
  }

  int end(int i) {
    return end[i];
  }

  int link(int i) {
    return link[i];
  }
}
