package weft.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomDataGenerator;
import org.jspecify.annotations.Nullable;
import weft.fabric.Fabric;
import weft.sim.RandomStreams;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;

/**
 * Background traffic in which many GPUs write to one at the same time, again and again.
 *
 * @param senders how many GPUs write, at least 1
 * @param size what each of them writes in a burst, above 0
 * @param every time from one burst's start to the next
 * @param receiver the GPU written to; {@code null} for the one that runs the job's rank 0, or that
 *     the first flow of other traffic is for
 */
public record Incast(int senders, DataSize size, Time every, @Nullable Integer receiver)
    implements Background {
  /**
   * @throws IllegalArgumentException if there is no sender or nothing to send
   */
  public Incast {
    Check.atLeast(
        1, "an incast's senders", senders, "write for example incast(8, mib(4), us(200))");
    Check.notNull("an incast's size", size, "write for example mib(4)");
    Check.notNull("an incast's every", every, "write for example us(200)");
    if (receiver != null) {
      Check.atLeast(0, "an incast's receiver", receiver, "GPUs are numbered from 0");
    }
    if (size.bytes() < 1) {
      throw new IllegalArgumentException(
          "an incast's senders write at least 1 byte each, but size was "
              + size
              + ": write for example mib(4)");
    }
    Bursts.check("an incast's", every);
  }

  /** Bursts into the GPU that runs the job's rank 0. */
  public static Incast incast(int senders, DataSize size, Time every) {
    return new Incast(senders, size, every, null);
  }

  /** With bursts into this GPU. */
  public Incast into(int gpu) {
    return new Incast(senders, size, every, gpu);
  }

  @Override
  public String name() {
    return "an incast";
  }

  /**
   * GPUs that run no rank of the job and sit in another server than the receiver, drawn at random,
   * so that all bursts cross the network.
   */
  @Override
  public Traffic burst(int[] busy, Fabric fabric, long seed) {
    int target = receiver == null ? busy[0] : receiver;
    fabric.node(target); // refuses a GPU that does not exist
    int[] idle =
        IntStream.range(0, fabric.gpus())
            .filter(g -> g != target && !fabric.shareServer(g, target))
            .filter(g -> Arrays.stream(busy).noneMatch(b -> b == g))
            .toArray();
    if (idle.length < senders) {
      throw new IllegalArgumentException(
          ("an incast of %d senders needs %d idle GPUs outside the receiver's server, but the"
                  + " fabric has %d: lower the senders or add servers")
              .formatted(senders, senders, idle.length));
    }
    int[] drawn =
        new RandomDataGenerator(new RandomStreams(seed).named("incast"))
            .nextPermutation(idle.length, senders);
    List<Flow> flows =
        Arrays.stream(drawn).mapToObj(i -> new Flow(idle[i], target, size, Time.ZERO)).toList();
    return new Traffic("%s into GPU %d".formatted(this, target), flows);
  }

  @Override
  public String toString() {
    return "incast of %d x %s every %s".formatted(senders, size, every);
  }
}
