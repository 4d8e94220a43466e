package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import weft.nn.compute.Exchange;
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
  private final Stepping stepping;
  private final int group;

  private NetworkPart(
      Network whole,
      List<Layer> layers,
      int[] origin,
      int statisticsFrom,
      double[] statistics,
      Loss loss,
      Stepping stepping,
      int group) {
    this.whole = whole;
    this.layers = List.copyOf(layers);
    this.origin = origin;
    this.statisticsFrom = statisticsFrom;
    this.statistics = statistics;
    this.loss = loss;
    this.stepping = stepping;
    this.group = group;
  }

  /** All of a network. */
  public static NetworkPart of(Network network) {
    Check.notNull("a network", network, "complete one by loss(...)");
    int[] all = IntStream.range(0, network.parameters()).toArray();
    return new NetworkPart(
        network,
        network.layers(),
        all,
        0,
        network.statistics(),
        network.loss(),
        new Stepping.Alone(),
        all.length);
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
    return stage(stage, stages, IntStream.rangeClosed(0, layers.size()).toArray());
  }

  /** Likewise, with no cut between two dense layers that {@link #tensor} cuts together. */
  public NetworkPart stageOfPairs(int stage, int stages) {
    return stage(stage, stages, TensorCut.bounds(layers));
  }

  private NetworkPart stage(int stage, int stages, int[] cuts) {
    Check.index("stage", stage, stages);
    int[] bounds = StageCut.bounds(layers, cuts, stages);
    int from = bounds[stage];
    int to = bounds[stage + 1];
    var own = new ArrayList<Layer>(layers.subList(from, to));
    if (stage > 0) {
      own.add(0, new Receive(layers.get(from).in()));
    }
    if (stage < stages - 1) {
      own.add(new Send(layers.get(to - 1).out()));
    }
    int[] places = Arrays.copyOfRange(origin, parametersBefore(from), parametersBefore(to));
    return new NetworkPart(
        whole,
        own,
        places,
        statisticsFrom + statisticsBefore(from),
        Arrays.copyOfRange(statistics, statisticsBefore(from), statisticsBefore(to)),
        stage < stages - 1 ? LossElsewhere.INSTANCE : loss,
        new Stepping.Alone(),
        places.length);
  }

  /**
   * A worker's slices of all matrices that can be cut: of two dense layers in a row, and of
   * attention (Shoeybi et al., arXiv 1909.08053, section 3). Other layers it has whole. To be
   * called before parameters are shared out.
   *
   * @param rank among the workers of these layers, from 0
   * @throws IllegalArgumentException if neurons or heads are no multiple of {@code ranks}
   */
  public NetworkPart tensor(int rank, int ranks) {
    Check.index("rank", rank, ranks);
    var cut = new TensorCut(rank, ranks, origin, !(layers.get(0) instanceof Receive));
    List<Layer> slices = cut.layers(layers);
    int[] places = cut.origin();
    return new NetworkPart(
        whole, slices, places, statisticsFrom, statistics, loss, stepping, places.length);
  }

  /**
   * The same for some steps of each sequence, other workers having the others: an equal share, the
   * first steps for rank 0. Attention gathers keys and values (Llama Team, 2024, section 3.3.2).
   * Every worker has all parameters of the layers, so {@link #replicated} belongs after it.
   *
   * @param rank among the workers of a sequence, from 0
   * @throws IllegalArgumentException if layers do not go step by step, or steps cannot be shared
   *     out evenly
   */
  public NetworkPart context(int rank, int ranks) {
    Check.index("rank", rank, ranks);
    return with(new ContextCut(rank, ranks).layers(layers), origin, stepping);
  }

  /**
   * The same with a share of the experts of every mixture, other workers having the others, and
   * replicated: gradients of experts are added up with those workers alone that have the same. To
   * be called last.
   *
   * @param rank among the workers that share out the experts, from 0
   * @throws IllegalArgumentException if experts cannot be shared out evenly
   */
  public NetworkPart experts(int rank, int ranks) {
    Check.index("rank", rank, ranks);
    return experts(rank, ranks, cut -> new Stepping.ReplicatedExperts(cut.others(), cut.experts()));
  }

  /**
   * Likewise, the optimiser's memory being shared out too: of experts among the workers that have
   * the same, of all else among all ({@link #shardedState}).
   *
   * @param copy among all workers with these layers, from 0; neighbours share out the experts
   * @param copies a multiple of {@code ranks}
   * @param ranks workers that share out the experts
   */
  public NetworkPart expertsWithShardedState(int copy, int copies, int ranks) {
    Check.index("copy", copy, copies);
    return experts(
        copy % ranks,
        ranks,
        cut -> new Stepping.ShardedExperts(copy, copies, ranks, cut.others(), cut.experts()));
  }

  private NetworkPart experts(int rank, int ranks, Function<ExpertCut, Stepping> stepping) {
    var cut = new ExpertCut(rank, ranks, origin);
    List<Layer> shares = cut.layers(layers);
    int[] places = cut.origin();
    return new NetworkPart(
        whole,
        shares,
        places,
        statisticsFrom,
        statistics,
        loss,
        stepping.apply(cut),
        places.length);
  }

  /** How many of {@link #parameters} are of experts that have been shared out. */
  public int expertParameters() {
    return stepping.expertParameters();
  }

  /**
   * How many numbers a sample sends to experts that have been shared out, wherever these are, in
   * each mixture.
   */
  public int[] dispatched() {
    return all(layers)
        .flatMapToInt(
            l -> l instanceof MixturePart m ? IntStream.of(m.dispatched()) : IntStream.of())
        .toArray();
  }

  /** The same where other workers have the same, whose gradients are added up before a step. */
  public NetworkPart replicated() {
    return with(layers, origin, new Stepping.Replicated());
  }

  /**
   * The same where other workers have the same, and each updates its part of the parameters: the
   * optimiser's memory is shared out (ZeRO-1: Rajbhandari et al., SC20, section 5.1).
   *
   * @param rank among them, from 0
   */
  public NetworkPart shardedState(int rank, int ranks) {
    Check.index("rank", rank, ranks);
    return with(layers, origin, new Stepping.ShardedState(rank, ranks));
  }

  /**
   * Likewise, gradients being shared out too: each layer's are as soon as they are known (ZeRO-2,
   * section 5.2). Weights are gathered once a step.
   */
  public NetworkPart shardedGradients(int rank, int ranks) {
    return sharded(rank, ranks, true);
  }

  /**
   * Likewise, weights being shared out too: a layer's are gathered for its forward and again for
   * its backward pass, into a buffer that all layers share (ZeRO-3, section 5.3; FSDP).
   */
  public NetworkPart shardedWeights(int rank, int ranks) {
    return sharded(rank, ranks, false);
  }

  private NetworkPart sharded(int rank, int ranks, boolean keeping) {
    Check.index("rank", rank, ranks);
    return with(
        ShardCut.layers(layers, rank, ranks, keeping),
        ShardCut.origin(layers, origin, rank, ranks),
        stepping);
  }

  private NetworkPart with(List<Layer> others, int[] places, Stepping way) {
    return new NetworkPart(
        whole, others, places, statisticsFrom, statistics, loss, way, origin.length);
  }

  private int parametersBefore(int layer) {
    return layers.subList(0, layer).stream().mapToInt(Layer::parameters).sum();
  }

  private int statisticsBefore(int layer) {
    return layers.subList(0, layer).stream().mapToInt(Layer::statistics).sum();
  }

  /** Weights and biases of this part, or of this worker and those it shares the part with. */
  public int parameters() {
    return group;
  }

  /** What each of its layers costs to compute; weights that are gathered count whole. */
  public List<LayerCost> costs() {
    return layers.stream()
        .map(layer -> layer instanceof Sharded sharded ? sharded.inside() : layer)
        .map(layer -> LayerCost.of(layer, 0, whole.precision()))
        .toList();
  }

  /** Whether a layer moves numbers between workers and computes nothing. */
  public boolean isExchange(int layer) {
    return layers.get(layer).isExchange();
  }

  /**
   * Of a layer's {@link LayerCost#backwardFlops}, those that can be left for later: of gradients of
   * weights.
   */
  public long laterFlops(int layer) {
    return layers.get(layer).laterFlops();
  }

  /** How many of {@link #parameters} this worker updates. */
  public int updated() {
    return stepping.updated(origin.length);
  }

  /** Numbers of a sample that it is fed, by the data or by an earlier part. */
  public int inputs() {
    return layers.get(0).in().size();
  }

  /** How its parameters change. */
  Stepping stepping() {
    return stepping;
  }

  /** How many numbers of a sample arrive from an earlier part; 0 if none. */
  public int received() {
    return layers.get(0) instanceof Receive r ? r.in().size() : 0;
  }

  /** How many numbers of a sample are sent to a later part; 0 if none. */
  public int sent() {
    return layers.get(layers.size() - 1) instanceof Send s ? s.in().size() : 0;
  }

  /**
   * How many numbers of a sample are added up over the workers of each cut matrix in the forward
   * pass, sum by sum.
   */
  public int[] forwardSums() {
    return sums(Exchange.SUM_ACTIVATIONS);
  }

  /** Likewise of gradients in the backward pass. */
  public int[] backwardSums() {
    return sums(Exchange.SUM_INPUT_GRADIENTS);
  }

  private int[] sums(Exchange what) {
    return all(layers)
        .filter(layer -> layer instanceof SliceSum sum && sum.what() == what)
        .mapToInt(layer -> layer.in().size())
        .toArray();
  }

  /**
   * How many numbers of a sample, keys and values, are gathered over the workers of a sequence, by
   * each attention layer.
   */
  public int[] gatheredKeysAndValues() {
    return all(layers)
        .flatMapToInt(
            l -> l instanceof ContextHeads h ? IntStream.of(h.gathered()) : IntStream.of())
        .toArray();
  }

  /** Layers, also those inside others. */
  private static Stream<Layer> all(List<Layer> layers) {
    return layers.stream()
        .flatMap(
            layer -> {
              if (layer instanceof Residual residual) {
                return all(residual.inside());
              }
              return layer instanceof Sharded sharded
                  ? all(List.of(sharded.inside()))
                  : Stream.of(layer);
            });
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
    return replica(optimizer, rows, Engine.Use.LEARN, peers);
  }

  /**
   * Likewise, with backward passes in two parts: gradients of inputs, and later those of weights,
   * for which every layer keeps its gradient.
   */
  public PartReplica splitReplica(Optimizer optimizer, int rows, Peers peers) {
    return replica(optimizer, rows, Engine.Use.LEARN_IN_PARTS, peers);
  }

  private PartReplica replica(Optimizer optimizer, int rows, Engine.Use use, Peers peers) {
    Check.notNull("an optimiser", optimizer, "write for example sgd(0.1)");
    Check.atLeast(1, "rows of a micro-batch", rows, "give one at least");
    Check.notNull("peers", peers, "Peers.NONE for a network that is not cut");
    return new PartReplica(this, optimizer, rows, use, peers);
  }

  /** The layers with their own parameters as a network by itself. */
  Network network() {
    double[] values = Arrays.stream(origin).mapToDouble(i -> whole.values()[i]).toArray();
    return Network.part(layers, loss, whole.precision(), values, statistics);
  }

  /** Its layers as a cell writes them, {@code dense(128, relu()).dense(10, softmax())}. */
  @Override
  public String toString() {
    return names(layers);
  }

  private static String names(List<Layer> layers) {
    return layers.stream()
        .filter(layer -> !(layer instanceof PartLayer) || layer.parameters() > 0)
        .map(layer -> layer instanceof Sharded sharded ? sharded.inside() : layer)
        .map(l -> l instanceof Residual r ? "residual(" + names(r.inside()) + ")" : l.name())
        .collect(Collectors.joining("."));
  }
}
