package weft.train;

import java.util.List;
import weft.cluster.Accelerator;
import weft.nn.LayerCost;
import weft.nn.NetworkPart;
import weft.nn.Precision;

/** How long an accelerator takes for a part of a network, by its roofline. */
final class PlanCompute {
  private final NetworkPart part;
  private final List<LayerCost> costs;
  private final ComputeModel model;

  /**
   * @param updateBytes of memory that the update of a parameter touches
   */
  PlanCompute(NetworkPart part, Precision precision, Accelerator accelerator, int updateBytes) {
    this.part = part;
    costs = part.costs();
    long inputs = (long) part.inputs() * precision.bytes();
    model = new ComputeModel(costs, inputs, accelerator, updateBytes, null, 1);
  }

  /** A layer's work, ps. */
  long time(PlanEvent.Worked work) {
    int layer = work.layer();
    if (part.isExchange(layer)) {
      return 0;
    }
    long backward = model.backward(layer, work.rows());
    return switch (work.phase()) {
      case FORWARD -> model.forward(layer, work.rows());
      case BACKWARD -> backward;
      case TO_INPUTS -> backward - later(layer, backward);
      case TO_WEIGHTS -> later(layer, backward);
    };
  }

  private long later(int layer, long backward) {
    long flops = costs.get(layer).backwardFlops();
    return flops == 0 ? 0 : Math.round((double) backward * part.laterFlops(layer) / flops);
  }

  /** The update of what this worker updates, ps. */
  long update() {
    return model.update(part.updated());
  }
}
