package weft.nn;

import java.util.ArrayList;
import java.util.List;
import weft.nn.compute.Sections;

/** What is asked of all layers of a network together. */
final class Layers {
  private Layers() {}

  /** The tensors that make up the flat array of parameters. */
  static Sections sections(List<Layer> layers) {
    var groups = layers.stream().flatMap(layer -> layer.groups().stream()).toList();
    int[] bounds = new int[groups.size() + 1];
    boolean[] weights = new boolean[groups.size()];
    for (int i = 0; i < groups.size(); i++) {
      bounds[i + 1] = bounds[i] + groups.get(i).count();
      weights[i] = groups.get(i).decays();
    }
    return new Sections(bounds, weights);
  }

  /**
   * A tensor of the flat array.
   *
   * @param name as checkpoints call it: {@code layer1.weights}
   * @param from where it begins
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private and never written to
  record Slot(String name, int from, int[] shape) {}

  /** The same with their names and shapes; matrices have two dimensions, vectors one. */
  static List<Slot> slots(List<Layer> layers) {
    var slots = new ArrayList<Slot>();
    int from = 0;
    for (int i = 0; i < layers.size(); i++) {
      var used = new ArrayList<String>();
      for (ParameterGroup group : layers.get(i).groups()) {
        used.add(group.name());
        long times = used.stream().filter(group.name()::equals).count();
        String name = "layer%d.%s%s".formatted(i + 1, group.name(), times == 1 ? "" : times);
        int[] shape =
            group.columns() == 1
                ? new int[] {group.rows()}
                : new int[] {group.rows(), group.columns()};
        slots.add(new Slot(name, from, shape));
        from += group.count();
      }
    }
    return slots;
  }

  /** What batch normalisation remembers, a vector a layer. */
  static List<Slot> statistics(List<Layer> layers) {
    var slots = new ArrayList<Slot>();
    int from = 0;
    for (int i = 0; i < layers.size(); i++) {
      int count = layers.get(i).statistics();
      if (count > 0) {
        slots.add(new Slot("layer%d.statistics".formatted(i + 1), from, new int[] {count}));
      }
      from += count;
    }
    return slots;
  }
}
