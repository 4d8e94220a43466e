package weft.engine.flow;

/** What each of some flows gets of the links that it shares with others. */
interface Allocation {
  /** Adds a link of a capacity; says its number. */
  int addLink(double capacity);

  /** A link carries another rate: what that changes is known after {@link #settle}. */
  void capacity(int link, double capacity);

  /**
   * Adds a flow that is not active yet; says its number.
   *
   * @param inClass its traffic class
   */
  int add(Route route, double weight, int inClass);

  /** A flow has something to send: its rate is known after {@link #settle}. */
  void start(int flow);

  /** A flow has nothing to send. */
  void stop(int flow);

  /** Works all rates out that have changed since the last time. */
  void settle();

  /** Flows whose rate is another since the last {@link #settle}, {@link #changedCount} of them. */
  int[] changed();

  int changedCount();

  double rate(int flow);

  double weight(int flow);

  int classOf(int flow);

  /** How often rates were worked out. */
  long fillings();

  /** Of how many flows, each time counted. */
  long filledFlows();
}
