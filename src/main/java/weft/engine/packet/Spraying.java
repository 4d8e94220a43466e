package weft.engine.packet;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.math3.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import weft.sim.RandomStreams;
import weft.transport.Connection;
import weft.transport.Entropy;

/** The entropy values of connections whose packets choose their paths, by queue pair. */
final class Spraying {
  private final @Nullable Entropy entropy;
  private final long seed;
  private Entropy.Source[] sources = {};

  Spraying(Optional<Entropy> entropy, RandomGenerator keys) {
    this.entropy = entropy.orElse(null);
    this.seed = keys.nextLong();
  }

  boolean isUsed() {
    return entropy != null;
  }

  void open(Connection connection) {
    if (entropy == null) {
      return;
    }
    int qp = connection.queuePair();
    if (qp >= sources.length) {
      sources = Arrays.copyOf(sources, Math.max(64, 2 * qp));
    }
    sources[qp] = entropy.open(connection, RandomStreams.mix(seed + qp));
  }

  int next(int qp, long now) {
    int value = sources[qp].next(now);
    if (value < 0 || value >= Entropy.VALUES) {
      throw new IllegalStateException(
          "an entropy value has 16 bits, from 0 to %d, but that of queue pair %d was %d: see Entropy.Source.next"
              .formatted(Entropy.VALUES - 1, qp, value));
    }
    return value;
  }

  void onAcknowledgement(int qp, long now, int value, boolean marked) {
    sources[qp].onAcknowledgement(now, value, marked);
  }

  void onTrim(int qp, long now, int value) {
    sources[qp].onTrim(now, value);
  }

  void onTimeout(int qp, long now, int value) {
    sources[qp].onTimeout(now, value);
  }
}
