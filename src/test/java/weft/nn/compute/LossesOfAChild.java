package weft.nn.compute;

import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;

import java.util.stream.IntStream;
import weft.nn.Dataset;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Precision;

/** Trains small networks in a process of its own and prints its library and the losses. */
final class LossesOfAChild {
  private LossesOfAChild() {}

  public static void main(String[] args) {
    Dataset rows = Datasets.digits().train().rows(IntStream.range(0, 192).toArray());
    var text = Datasets.persuasion();
    System.out.println(Blas.description());
    for (Precision precision : new Precision[] {Precision.FLOAT32, Precision.FLOAT64}) {
      print(
          Network.inputs(64).dense(24, relu()).dense(10, softmax()).loss(crossEntropy()),
          rows,
          precision);
      print(
          Network.images(1, 8, 8)
              .conv2d(4, 3, relu())
              .maxPool(2)
              .flatten()
              .dense(10, softmax())
              .loss(crossEntropy()),
          rows,
          precision);
      print(
          Network.tokens(text.vocabulary(), 16)
              .embedding(8)
              .positions()
              .residual(b -> b.layerNorm().attention(2))
              .lstm(8)
              .dense(text.vocabulary(), softmax())
              .loss(crossEntropy()),
          text.sequences(16).rows(IntStream.range(0, 96).toArray()),
          precision);
    }
  }

  private static void print(Network network, Dataset rows, Precision precision) {
    var job = network.precision(precision).train(sgd(0.1)).on(rows).batch(48).epochs(2);
    System.out.println(job.run().losses()[1]);
  }
}
