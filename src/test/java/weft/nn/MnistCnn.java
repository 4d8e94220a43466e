package weft.nn;

import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.adam;

import java.util.stream.IntStream;

/**
 * Two convolutions and a dense layer on 8,000 of the shipped MNIST images, 2,000 to judge by: what
 * {@code src/test/python/peer_training.py} trains in PyTorch too.
 */
final class MnistCnn {
  private static final int LEARNED = 8000;

  private MnistCnn() {}

  static BatchTraining training() {
    return Network.images(1, 28, 28)
        .conv2d(16, 5, relu())
        .padding(2)
        .maxPool(2)
        .conv2d(32, 5, relu())
        .padding(2)
        .maxPool(2)
        .flatten()
        .dense(128, relu())
        .dense(10, softmax())
        .loss(crossEntropy())
        .train(adam(0.001))
        .on(rows(0, LEARNED))
        .batch(64)
        .epochs(12);
  }

  static Dataset heldOut() {
    return rows(LEARNED, 10_000);
  }

  private static Dataset rows(int from, int to) {
    return Datasets.mnist().rows(IntStream.range(from, to).toArray());
  }
}
