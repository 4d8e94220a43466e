package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import weft.nn.compute.Peers;
import weft.units.Check;

/**
 * What one worker has of a network that several compute together: an immutable description, from
 * which {@link #replica} makes a copy to learn with. Cut into stages first.
 *
 * <pre>{@code
 * NetworkPart.of(network).stage(1, 2)      // the second half of the layers
 * }</pre>
 */
public final class NetworkPart {
  final Network whole;
  final List<Layer> layers;

  /** Where in the whole network each parameter is. */
  final int[] origin;

  /** Where in the whole network what batch normalisation remembers begins. */
  final int statisticsFrom;

  private final double[] statistics;
  private final Loss loss;

  NetworkPart(
      Network whole,
      List<Layer> layers,
      int[] origin,
      int statisticsFrom,
      double[] statistics,
      Loss loss) {
    this.whole = whole;
    this.layers = List.copyOf(layers);
    this.origin = origin;
    this.statisticsFrom = statisticsFrom;
    this.statistics = statistics;
    this.loss = loss;
  }

  /** All of a network. */
  public static NetworkPart of(Network network) {
    Check.notNull("a network", network, "complete one by loss(...)");
    int[] all = IntStream.range(0, network.parameters()).toArray();
    return new NetworkPart(network, network.layers(), all, 0, network.statistics(), network.loss());
  }

  /**
   * One of some runs of layers, cut so that the stage with the most multiplications has as few as
   * can be. It receives its inputs from the stage before and sends its outputs to the one after.
   *
   * @param stage from 0
   * @param stages at most as many as there are layers
   * @throws IllegalArgumentException if there are fewer layers than stages
   */
  public NetworkPart stage(int stage, int stages) {
    Check.index("stage", stage, stages);
    int[] bounds = StageCut.bounds(layers, stages);
    int from = bounds[stage];
    int to = bounds[stage + 1];
    var own = new ArrayList<Layer>(layers.subList(from, to));
    if (stage > 0) {
      own.add(0, new Receive(layers.get(from).in()));
    }
    if (stage < stages - 1) {
      own.add(new Send(layers.get(to - 1).out()));
    }
    return new NetworkPart(
        whole,
        own,
        Arrays.copyOfRange(origin, parametersBefore(from), parametersBefore(to)),
        statisticsFrom + statisticsBefore(from),
        Arrays.copyOfRange(statistics, statisticsBefore(from), statisticsBefore(to)),
        stage < stages - 1 ? LossElsewhere.INSTANCE : loss);
  }

  private int parametersBefore(int layer) {
    return layers.subList(0, layer).stream().mapToInt(Layer::parameters).sum();
  }

  private int statisticsBefore(int layer) {
    return layers.subList(0, layer).stream().mapToInt(Layer::statistics).sum();
  }

  /** Weights and biases of this part. */
  public int parameters() {
    return origin.length;
  }

  /** How many numbers of a sample arrive from an earlier part; 0 if none. */
  public int received() {
    return layers.get(0) instanceof Receive r ? r.in().size() : 0;
  }

  /** How many numbers of a sample are sent to a later part; 0 if none. */
  public int sent() {
    return layers.get(layers.size() - 1) instanceof Send s ? s.in().size() : 0;
  }

  /** Whether the loss follows on its last layer. */
  public boolean hasLoss() {
    return loss != LossElsewhere.INSTANCE;
  }

  /**
   * A copy to learn with.
   *
   * @param rows most samples at once, at least 1
   * @param peers who has the other parts
   */
  public PartReplica replica(Optimizer optimizer, int rows, Peers peers) {
    return new PartReplica(this, optimizer, rows, peers);
  }

  /** The layers with their own parameters as a network by itself. */
  Network network() {
    double[] values = Arrays.stream(origin).mapToDouble(i -> whole.values()[i]).toArray();
    return Network.part(layers, loss, whole.precision(), values, statistics);
  }

  /** Its layers as a cell writes them, {@code dense(128, relu()).dense(10, softmax())}. */
  @Override
  public String toString() {
    return layers.stream()
        .filter(layer -> !(layer instanceof Receive || layer instanceof Send))
        .map(Layer::name)
        .collect(Collectors.joining("."));
  }
}
