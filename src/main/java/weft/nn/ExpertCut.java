package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A worker's share of the experts of every mixture among some layers; it has all else whole. */
final class ExpertCut {
  private final int rank;
  private final int ranks;
  private final int[] origin;
  private final int[] places;
  private final boolean[] isOfExpert;
  private int count;

  /**
   * @param origin where in the whole network the parameters of the layers are
   */
  ExpertCut(int rank, int ranks, int[] origin) {
    this.rank = rank;
    this.ranks = ranks;
    this.origin = origin;
    places = new int[origin.length];
    isOfExpert = new boolean[origin.length];
  }

  /**
   * The worker's layers; once they are cut, the other methods tell of these.
   *
   * @throws IllegalArgumentException if experts cannot be shared out evenly
   */
  List<Layer> layers(List<Layer> whole) {
    return layers(whole, 0);
  }

  private List<Layer> layers(List<Layer> whole, int from) {
    var cut = new ArrayList<Layer>();
    int at = from;
    for (Layer layer : whole) {
      if (layer instanceof Mixture mixture) {
        cut.add(share(mixture, at));
      } else if (layer instanceof Residual residual) {
        cut.add(new Residual(layers(residual.inside(), at)));
      } else {
        take(at, layer.parameters(), false);
        cut.add(layer);
      }
      at += layer.parameters();
    }
    return cut;
  }

  private MixturePart share(Mixture mixture, int at) {
    if (mixture.experts() % ranks != 0) {
      throw new IllegalArgumentException(
          "experts are dealt out evenly, but %s has %d for %d GPUs: give an expert degree that divides %d"
              .formatted(mixture.name(), mixture.experts(), ranks, mixture.experts()));
    }
    var part = new MixturePart(mixture, ranks);
    take(at, mixture.ofRouter(), false);
    int own = part.own() * mixture.ofExpert();
    take(at + mixture.ofRouter() + rank * own, own, true);
    return part;
  }

  private void take(int from, int some, boolean ofExpert) {
    System.arraycopy(origin, from, places, count, some);
    Arrays.fill(isOfExpert, count, count + some, ofExpert);
    count += some;
  }

  /** Where in the whole network the parameters of the worker's layers are. */
  int[] origin() {
    return Arrays.copyOf(places, count);
  }

  /** Which of the worker's parameters are experts'. */
  int[] experts() {
    return parameters(true);
  }

  /** Which are not. */
  int[] others() {
    return parameters(false);
  }

  private int[] parameters(boolean ofExperts) {
    return IntStream.range(0, count).filter(i -> isOfExpert[i] == ofExperts).toArray();
  }
}
