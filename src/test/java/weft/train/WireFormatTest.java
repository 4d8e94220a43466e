package weft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.sgd;
import static weft.units.Units.kib;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import weft.cluster.Placement;
import weft.collective.AllReduce;
import weft.engine.packet.PortCounters;
import weft.fabric.Fabric;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Precision;

/** Gradients sent in fewer bits: what it saves on the wire and what it costs in accuracy. */
class WireFormatTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(8, DGX_H100).leafRadix(16).build();

  private static final Network DIGITS =
      Network.inputs(64).dense(256, relu()).dense(10, softmax()).init(he(1)).loss(crossEntropy());

  private static Training job() {
    return Training.of(DIGITS)
        .on(Datasets.digits())
        .batch(256)
        .epochs(10)
        .with(sgd(0.1).momentum(0.9))
        .dataParallel(8)
        .across(FABRIC)
        .placed(Placement.scattered(7));
  }

  private static Training in(Precision format) {
    return job().exchanging(AllReduce.ring().buckets(kib(16)).overlapped().in(format));
  }

  private static final History WHOLE = in(Precision.FLOAT32).run();

  private static long bytes(History history) {
    return history.networkLoad().orElseThrow().ports().stream()
        .mapToLong(PortCounters::bytes)
        .sum();
  }

  /** Headers and acknowledgements do not shrink; the rest does by the size of a number. */
  @ParameterizedTest
  @CsvSource({"BFLOAT16, 0.5, 0.02", "FLOAT16, 0.5, 0.02", "FLOAT8, 0.25, 0.05"})
  void fewerBitsAreFewerBytesAndAlmostTheSameAccuracy(Precision format, double share, double loss) {
    History whole = WHOLE;
    History narrow = in(format).run();
    double ratio = bytes(narrow) / (double) bytes(whole);
    assertTrue(ratio >= share - 0.001 && ratio < share + 0.08, "bytes: " + ratio);
    assertTrue(whole.testAccuracy() > 0.92, "float32: " + whole.testAccuracy());
    assertTrue(
        narrow.testAccuracy() >= whole.testAccuracy() - loss,
        format + ": " + narrow.testAccuracy() + ", float32: " + whole.testAccuracy());
    assertTrue(narrow.completion().ps() < whole.completion().ps());
    assertTrue(narrow.losses()[0] == whole.losses()[0] && narrow.losses()[5] != whole.losses()[5]);
  }

  @Test
  void theGradientsOwnFormatChangesNothing() {
    History plain = job().epochs(1).exchanging(AllReduce.ring()).run();
    History same = job().epochs(1).exchanging(AllReduce.ring().in(Precision.FLOAT32)).run();
    assertEquals(plain.losses()[9], same.losses()[9]);
    assertEquals(plain.completion(), same.completion());
  }

  /** Workers that compute in a narrow precision send master gradients, float32, unless told. */
  @ParameterizedTest
  @EnumSource
  void workersStayTogetherInEveryPrecision(Precision precision) {
    History history =
        Training.of(DIGITS.precision(precision))
            .on(Datasets.digits())
            .batch(128)
            .epochs(2)
            .with(adam(0.003))
            .dataParallel(8)
            .across(FABRIC)
            .exchanging(AllReduce.ring().in(Precision.FLOAT16))
            .run();
    assertTrue(history.testAccuracy() > 0.8, precision + ": " + history.testAccuracy());
  }

  @Test
  void aWiderFormatThanTheGradientIsRefused() {
    assertEquals(
        "a gradient of float32 gains nothing by being sent in float64: leave out in(...) or write"
            + " in(Precision.BFLOAT16)",
        assertThrows(IllegalArgumentException.class, () -> in(Precision.FLOAT64).run())
            .getMessage());
  }
}
