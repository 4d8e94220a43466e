package weft.experiment;

import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import weft.collective.Schedule;
import weft.units.Time;

/**
 * What carries the messages of a job whose workers compute meanwhile, packet by packet or as flows
 * that share links. Listeners act at the GPU that they are called for.
 */
public abstract sealed class JobNetwork permits PacketNetwork, FlowNetwork {
  /** Hears of messages that have arrived. */
  @FunctionalInterface
  public interface DeliveryListener {
    /** All of the message has reached its receiver. */
    void delivered(int message, long timePs);
  }

  /** Hears of wake-ups that it asked for. */
  @FunctionalInterface
  public interface WakeUpListener {
    /** The time has come. */
    void wokeUp(int token, long timePs);
  }

  DeliveryListener listener = (message, timePs) -> {};

  private final Ends ends;

  /**
   * @param ends of its collectives' transfers
   */
  JobNetwork(Ends ends) {
    this.ends = ends;
  }

  /** The end that a transfer of one of its collectives leaves: a GPU, or a switch that adds. */
  public final int source(Schedule schedule, int transfer) {
    return ends.source(schedule, transfer);
  }

  /** The end at which it arrives. */
  public final int destination(Schedule schedule, int transfer) {
    return ends.destination(schedule, transfer);
  }

  Ends ends() {
    return ends;
  }

  /** Has this listener, and no other, hear of messages. */
  public void onDelivery(DeliveryListener hears) {
    listener = hears;
  }

  /** Has this listener, and no other, hear of wake-ups. */
  public abstract void onWakeUp(WakeUpListener hears);

  /**
   * What carries messages from a GPU, or another {@linkplain #source end}, to another in the first
   * traffic class; says its number.
   */
  public final int open(int source, int destination) {
    return open(source, destination, 0);
  }

  /**
   * Likewise in another traffic class.
   *
   * @param inClass its place in {@link weft.transport.Scheduling#classes()}
   */
  public abstract int open(int source, int destination, int inClass);

  /**
   * Sends a message after those given to its flow before.
   *
   * @param flow what {@link #open} gave
   * @param notBeforePs at least {@link #now()}
   * @return the message's number, from 0 in the order of sending
   */
  public abstract int send(int flow, long bytes, long notBeforePs);

  /** Asks for a wake-up at a GPU, at {@link #now()} or later. */
  public abstract void at(long timePs, int gpu, int token);

  /** The simulated time, ps. */
  public abstract long now();

  /**
   * Lets background traffic share the network from now on.
   *
   * @param burst that comes again and again
   * @param every how often
   * @param inClass of a flow, a number from 0 in the order of the scheduling
   */
  public abstract void share(Traffic burst, Time every, ToIntFunction<Flow> inClass);

  /**
   * Runs until told that all is done.
   *
   * @param work what was to be done, for messages
   * @throws IllegalStateException if the network comes to rest before, or gives up
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public abstract void run(BooleanSupplier done, String work);

  /** What the ports have done so far. */
  public abstract NetworkLoad load();
}
