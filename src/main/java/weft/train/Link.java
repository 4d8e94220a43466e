package weft.train;

import org.jspecify.annotations.Nullable;
import weft.collective.AllGather;
import weft.collective.AllReduce;
import weft.collective.Collective;
import weft.collective.ReduceScatter;
import weft.nn.compute.Exchange;
import weft.nn.compute.Peers;

/** How one worker's part reaches the others: the stages beside it, and what is sent is counted. */
final class Link implements Peers {
  private static final Collective SUM = AllReduce.ring();
  private static final Collective SCATTER = ReduceScatter.ring();
  private static final Collective GATHER = AllGather.ring();

  private final Counts counts;
  private final Seat slices;
  private final Seat sections;
  private final Seat replicas;
  private final @Nullable Boundary before;
  private final @Nullable Boundary after;

  /** Between two stages: activations go on, their gradients come back. */
  record Boundary(Mailbox activations, Mailbox gradients) {
    Boundary() {
      this(new Mailbox(), new Mailbox());
    }
  }

  /** A worker's place in a group. */
  record Seat(Group group, int rank) {}

  /**
   * @param slices those with the other slices of the same layers
   * @param sections those with the other steps of the same sequences
   * @param replicas those with the same parameters, who learn other samples or steps
   * @param before the boundary to the stage before; null for the first
   * @param after the boundary to the stage after; null for the last
   */
  Link(
      Counts counts,
      Seat slices,
      Seat sections,
      Seat replicas,
      @Nullable Boundary before,
      @Nullable Boundary after) {
    this.counts = counts;
    this.slices = slices;
    this.sections = sections;
    this.replicas = replicas;
    this.before = before;
    this.after = after;
  }

  @Override
  public void exchange(Exchange what, float[] values, int count) {
    perform(what, values, count);
  }

  @Override
  public void exchange(Exchange what, double[] values, int count) {
    perform(what, values, count);
  }

  private void perform(Exchange what, Object values, int count) {
    switch (what) {
      case SEND_ACTIVATIONS -> send(what, some(after).activations(), values, count);
      case SEND_GRADIENTS -> send(what, some(before).gradients(), values, count);
      case RECEIVE_ACTIVATIONS -> some(before).activations().receive(values, count);
      case RECEIVE_GRADIENTS -> some(after).gradients().receive(values, count);
      case SUM_ACTIVATIONS, SUM_INPUT_GRADIENTS -> meet(what, slices, SUM, values, count);
      case SUM_GRADIENTS -> meet(what, replicas, SUM, values, count);
      case SCATTER_GRADIENTS -> meet(what, replicas, SCATTER, values, count);
      case GATHER_WEIGHTS -> meet(what, replicas, GATHER, values, count);
      case GATHER_KEYS_AND_VALUES -> meet(what, sections, GATHER, values, count);
      case SCATTER_KEY_AND_VALUE_GRADIENTS -> meet(what, sections, SCATTER, values, count);
    }
  }

  private void send(Exchange what, Mailbox to, Object values, int count) {
    to.send(values, count);
    counts.add(Movement.of(what), count);
  }

  private void meet(Exchange what, Seat seat, Collective collective, Object values, int count) {
    long sent = seat.group().meet(seat.rank(), collective, values, count);
    counts.add(Movement.of(what), sent);
  }

  private static Boundary some(@Nullable Boundary boundary) {
    if (boundary == null) {
      throw new IllegalStateException("the first stage receives nothing, the last sends nothing");
    }
    return boundary;
  }
}
