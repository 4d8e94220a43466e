package weft.train;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weft.collective.AllGather;
import weft.collective.AllReduce;
import weft.collective.Collective;
import weft.collective.ReduceScatter;
import weft.collective.Schedule;
import weft.nn.NetworkPart;
import weft.nn.compute.Exchange;
import weft.nn.compute.Peers;
import weft.nn.compute.Phase;

/** How one worker's part reaches the others: the stages beside it, and what is sent is counted. */
final class Link implements Peers {
  private static final Collective SUM = AllReduce.ring();
  private static final Collective SCATTER = ReduceScatter.ring();
  private static final Collective GATHER = AllGather.ring();

  private final Counts counts;
  private final PlanLog log;
  private final int chunk;
  private final NetworkPart part;
  private final Seat slices;
  private final Seat sections;
  private final Seat replicas;
  private final @Nullable Experts experts;
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
   * A worker's places among those that share out experts, and among those that have the same.
   *
   * @param rank among the former
   */
  record Experts(Dispatch dispatch, int rank, Seat same) {}

  /**
   * @param log where is written what happens, in order
   * @param chunk of the worker's parts
   * @param part that it reaches the others for
   * @param slices those with the other slices of the same layers
   * @param sections those with the other steps of the same sequences
   * @param replicas those with the same parameters, who learn other samples or steps
   * @param experts null where nobody shares out experts
   * @param before the boundary to the stage before; null for the first
   * @param after the boundary to the stage after; null for the last
   */
  Link(
      Counts counts,
      PlanLog log,
      int chunk,
      NetworkPart part,
      Seat slices,
      Seat sections,
      Seat replicas,
      @Nullable Experts experts,
      @Nullable Boundary before,
      @Nullable Boundary after) {
    this.counts = counts;
    this.log = log;
    this.chunk = chunk;
    this.part = part;
    this.slices = slices;
    this.sections = sections;
    this.replicas = replicas;
    this.experts = experts;
    this.before = before;
    this.after = after;
  }

  @Override
  public void worked(int layer, Phase phase, int rows) {
    if (!part.isExchange(layer)) {
      log.add(new PlanEvent.Worked(chunk, layer, phase, rows));
    }
  }

  @Override
  public void exchange(Exchange what, float[] values, int count) {
    perform(what, values, count);
  }

  @Override
  public void exchange(Exchange what, double[] values, int count) {
    perform(what, values, count);
  }

  @Override
  public void exchange(Exchange what, float[] values, int[] sent, float[] to, int[] arrived) {
    dispatch(what, values, sent, to, arrived);
  }

  @Override
  public void exchange(Exchange what, double[] values, int[] sent, double[] to, int[] arrived) {
    dispatch(what, values, sent, to, arrived);
  }

  private void dispatch(Exchange what, Object values, int[] sent, Object to, int[] arrived) {
    boolean toExperts =
        what == Exchange.SEND_TO_EXPERTS || what == Exchange.SEND_GRADIENTS_TO_EXPERTS;
    var own = new Dispatch.Part(toExperts, values, sent, to, arrived);
    var seat = Objects.requireNonNull(experts);
    met(what, seat.dispatch(), seat.rank(), seat.dispatch().meet(seat.rank(), own));
  }

  private void perform(Exchange what, Object values, int count) {
    switch (what) {
      case SEND_ACTIVATIONS -> send(what, some(after).activations(), values, count);
      case SEND_GRADIENTS -> send(what, some(before).gradients(), values, count);
      case RECEIVE_ACTIVATIONS -> receive(what, some(before).activations(), values, count);
      case RECEIVE_GRADIENTS -> receive(what, some(after).gradients(), values, count);
      case SUM_ACTIVATIONS, SUM_INPUT_GRADIENTS -> meet(what, slices, SUM, values, count);
      case SUM_GRADIENTS -> meet(what, replicas, SUM, values, count);
      case SCATTER_GRADIENTS -> meet(what, replicas, SCATTER, values, count);
      case GATHER_WEIGHTS -> meet(what, replicas, GATHER, values, count);
      case GATHER_KEYS_AND_VALUES -> meet(what, sections, GATHER, values, count);
      case SCATTER_KEY_AND_VALUE_GRADIENTS -> meet(what, sections, SCATTER, values, count);
      case SUM_EXPERT_GRADIENTS -> meet(what, sameExperts(), SUM, values, count);
      case SCATTER_EXPERT_GRADIENTS -> meet(what, sameExperts(), SCATTER, values, count);
      case GATHER_EXPERT_WEIGHTS -> meet(what, sameExperts(), GATHER, values, count);
      case SEND_TO_EXPERTS,
          RETURN_FROM_EXPERTS,
          SEND_GRADIENTS_TO_EXPERTS,
          RETURN_GRADIENTS_FROM_EXPERTS ->
          throw new IllegalStateException("sections of any lengths have an exchange of their own");
    }
  }

  private Seat sameExperts() {
    return Objects.requireNonNull(experts).same();
  }

  private void send(Exchange what, Mailbox to, Object values, int count) {
    to.send(values, count);
    met(what, to, Mailbox.SENDER, to.transfer(count));
  }

  private void receive(Exchange what, Mailbox from, Object values, int count) {
    from.receive(values, count);
    log.add(new PlanEvent.Met(from, Mailbox.RECEIVER, what, from.transfer(count)));
  }

  private void meet(Exchange what, Seat seat, Collective collective, Object values, int count) {
    if (seat.group().ranks() == 1) {
      return; // nobody else has the same
    }
    met(what, seat.group(), seat.rank(), seat.group().meet(seat.rank(), collective, values, count));
  }

  private void met(Exchange what, Object among, int rank, Schedule schedule) {
    counts.add(Movement.of(what), schedule.sent(rank));
    log.add(new PlanEvent.Met(among, rank, what, schedule));
  }

  private static Boundary some(@Nullable Boundary boundary) {
    if (boundary == null) {
      throw new IllegalStateException("the first stage receives nothing, the last sends nothing");
    }
    return boundary;
  }
}
