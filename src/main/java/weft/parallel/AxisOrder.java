package weft.parallel;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import weft.cluster.Placement;

/** Ranks of a plan on GPUs numbered by another order of its axes. */
final class AxisOrder {
  private static final List<ParallelAxis> USUAL =
      List.of(ParallelAxis.TENSOR, ParallelAxis.CONTEXT, ParallelAxis.DATA, ParallelAxis.PIPELINE);

  private AxisOrder() {}

  /**
   * @param innermostFirst each axis of a degree above 1 once
   * @throws IllegalArgumentException if one is missing or there twice, or experts are named
   */
  static Placement of(ParallelPlan plan, List<ParallelAxis> innermostFirst) {
    check(plan, innermostFirst);
    var stride = new EnumMap<ParallelAxis, Integer>(ParallelAxis.class);
    int gpus = 1;
    for (ParallelAxis axis : innermostFirst) {
      stride.put(axis, gpus);
      gpus *= degree(plan, axis);
    }
    int[] gpuOf = new int[plan.gpus()];
    Arrays.setAll(gpuOf, rank -> gpu(plan, rank, stride));
    String name =
        innermostFirst.stream()
            .map(axis -> axis.label().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", then "));
    return Placement.on(gpuOf).named("innermost " + name);
  }

  private static int gpu(ParallelPlan plan, int rank, Map<ParallelAxis, Integer> stride) {
    int rest = rank;
    int gpu = 0;
    for (ParallelAxis axis : USUAL) {
      int degree = degree(plan, axis);
      gpu += rest % degree * stride.getOrDefault(axis, 0);
      rest /= degree;
    }
    return gpu;
  }

  private static int degree(ParallelPlan plan, ParallelAxis axis) {
    return switch (axis) {
      case TENSOR -> plan.tensor();
      case CONTEXT -> plan.context();
      case EXPERT -> plan.expert();
      case DATA -> plan.data();
      case PIPELINE -> plan.pipeline();
    };
  }

  private static void check(ParallelPlan plan, List<ParallelAxis> order) {
    if (order.contains(ParallelAxis.EXPERT)) {
      throw new IllegalArgumentException(
          "experts are dealt out to GPUs of a data-parallel group, so they have no place of their own: name DATA alone");
    }
    for (ParallelAxis axis : USUAL) {
      long named = order.stream().filter(axis::equals).count();
      boolean isCut = degree(plan, axis) > 1;
      if (named > 1 || (isCut && named == 0)) {
        throw new IllegalArgumentException(
            "an order names each axis of %s once, but %s %s: write for example innermostFirst(TENSOR, DATA, PIPELINE)"
                .formatted(plan, axis, named == 0 ? "is missing" : "is there " + named + " times"));
      }
    }
  }
}
