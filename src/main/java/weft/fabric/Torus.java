package weft.fabric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.units.Check;
import weft.units.Rate;

/**
 * A torus of one to three dimensions: a switch at each point of a grid, linked to its neighbours,
 * the last of each row to the first; or a mesh, without those.
 *
 * <p>By default packets take dimension order: all of their way along the first dimension, then the
 * next. On a mesh that cannot deadlock under PFC (Dally and Seitz 1987); on a torus it can, because
 * a row is a ring of links that may wait for each other, and so can {@link #anyShortest};
 * InfiniBand and Cray break the rings with virtual lanes.
 *
 * <p>Defaults besides those of {@link FabricBuilder}: one GPU a switch, links of the NICs' rate.
 */
public final class Torus extends FullBuilder<Torus> {
  private static final int MOST_DIMENSIONS = 3;

  private List<Integer> sizes = List.of();
  private int perSwitch = 1;
  private boolean wraps = true;
  private boolean dimensionOrder = true;
  private @Nullable Rate links;

  Torus() {}

  /** Switches along each dimension: {@code sizes(4, 4, 4)}. */
  public Torus sizes(int... along) {
    Check.notNull("sizes", along, "write for example sizes(4, 4)");
    if (along.length < 1 || along.length > MOST_DIMENSIONS) {
      throw new IllegalArgumentException(
          "a torus has 1 to %d dimensions, but %d sizes were given: write for example sizes(4, 4, 4)"
              .formatted(MOST_DIMENSIONS, along.length));
    }
    for (int size : along) {
      Check.atLeast(2, "the size of a torus", size, "leave out a dimension of 1");
    }
    return with(f -> f.sizes = Arrays.stream(along).boxed().toList());
  }

  /** GPUs of each switch. Default 1. */
  public Torus gpusPerSwitch(int count) {
    Check.atLeast(1, "gpusPerSwitch", count, "write for example 1");
    return with(f -> f.perSwitch = count);
  }

  /** Without the links from the last switch of each row to the first. */
  public Torus mesh() {
    return with(f -> f.wraps = false);
  }

  /** Packets may take any shortest path instead of one dimension after the other. */
  public Torus anyShortest() {
    return with(f -> f.dimensionOrder = false);
  }

  /** Links between switches of another rate than the NICs. */
  public Torus links(Rate rate) {
    Check.notNull("links", rate, "write for example gbps(400)");
    return with(f -> f.links = rate);
  }

  @Override
  public Fabric build() {
    if (sizes.isEmpty()) {
      throw new IllegalArgumentException(
          "a torus needs its sizes: call sizes(4, 4) before build()");
    }
    long switches = sizes.stream().mapToLong(s -> s).reduce(1, (a, b) -> a * b);
    String product = String.join(" x ", sizes.stream().map(String::valueOf).toList());
    int count =
        serversIn(
            switches * perSwitch,
            "a torus of %s with %d GPUs a switch holds %s x %d"
                .formatted(product, perSwitch, product, perSwitch));
    var assembly = Assembly.ofServers(count, this);
    int first = assembly.switches("switch", 1, (int) switches);
    for (int g = 0; g < count * server.gpus(); g++) {
      assembly.link(assembly.port(g), first + g / perSwitch, nic(), cable);
    }
    var grid = new Arrangement.Grid(first, sizes, wraps, dimensionOrder);
    for (int[] pair : neighbours(grid)) {
      assembly.link(pair[0], pair[1], links == null ? nic() : links, cable);
    }
    return assembly.fabric((wraps ? "torus " : "mesh ") + product, grid);
  }

  private static List<int[]> neighbours(Arrangement.Grid grid) {
    var pairs = new ArrayList<int[]>();
    for (int d = 0; d < grid.sizes().size(); d++) {
      int size = grid.sizes().get(d);
      int stride = grid.stride(d);
      for (int s = grid.firstSwitch(); s < grid.firstSwitch() + grid.switches(); s++) {
        int at = grid.coordinate(s, d);
        if (at < size - 1) {
          pairs.add(new int[] {s, s + stride});
        } else if (grid.wraps() && size > 2) {
          pairs.add(new int[] {s, s - at * stride});
        }
      }
    }
    return pairs;
  }

  /** As a cell writes it, with what was chosen and what was not. */
  @Override
  public String toString() {
    return "torus(): sizes %s, %s, %s, %s, gpusPerSwitch %d, links %s, %s"
        .formatted(
            sizes,
            wraps ? "torus" : "mesh",
            dimensionOrder ? "dimension order" : "anyShortest",
            serversText(),
            perSwitch,
            links == null ? nic() : links,
            common());
  }
}
