package weft.train;

import org.jspecify.annotations.Nullable;
import weft.nn.compute.Exchange;
import weft.nn.compute.Peers;

/** How one worker's part reaches the others: the stages beside it, and what is sent is counted. */
final class Link implements Peers {
  private final Counts counts;
  private final @Nullable Boundary before;
  private final @Nullable Boundary after;

  /** Between two stages: activations go on, their gradients come back. */
  record Boundary(Mailbox activations, Mailbox gradients) {
    Boundary() {
      this(new Mailbox(), new Mailbox());
    }
  }

  Link(Counts counts, @Nullable Boundary before, @Nullable Boundary after) {
    this.counts = counts;
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
    }
  }

  private void send(Exchange what, Mailbox to, Object values, int count) {
    to.send(values, count);
    counts.add(Movement.of(what), count);
  }

  private static Boundary some(@Nullable Boundary boundary) {
    if (boundary == null) {
      throw new IllegalStateException("the first stage receives nothing, the last sends nothing");
    }
    return boundary;
  }
}
