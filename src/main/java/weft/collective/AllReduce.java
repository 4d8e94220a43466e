package weft.collective;

import weft.nn.Precision;
import weft.units.DataSize;

/**
 * AllReduce: afterwards every rank has the sum of all ranks' arrays. A reader may write one in a
 * cell: {@link #custom}.
 *
 * <p>N ranks, arrays of S bytes.
 */
@FunctionalInterface
public interface AllReduce extends Collective {
  /**
   * The ring: N - 1 steps of reduce-scatter, N - 1 of all-gather, a chunk of 1/N of the array in
   * each. Every rank sends 2 (N-1)/N of the array (Patarasuk and Yuan, JPDC 2009).
   */
  static AllReduce ring() {
    return new RingAllReduce();
  }

  /**
   * A binary tree: sums go up to rank 0, the result comes down again, on 2 ceil(log2 N) steps;
   * {@link #chunked} has both go on at the same time. Inner ranks send 3 S, leaves S.
   */
  static AllReduce tree() {
    return new TreeAllReduce();
  }

  /**
   * Two binary trees, each for half of the array: who has children in one is a leaf of the other,
   * so that every rank sends at most 2 S (Sanders, Speck and Träff, Parallel Computing 2009; NCCL
   * since 2.4). {@link #chunked} keeps both busy.
   */
  static AllReduce doubleBinaryTree() {
    return new DoubleBinaryTreeAllReduce();
  }

  /**
   * Reduce-scatter by recursive halving, all-gather by recursive doubling: 2 log2 N steps, 2
   * (N-1)/N of the array (Rabenseifner, ICCS 2004). If N is no power of two, some ranks first hand
   * their arrays to a neighbour and get the result at last: two more steps of S bytes.
   */
  static AllReduce halvingDoubling() {
    return new HalvingDoublingAllReduce();
  }

  /**
   * Whole arrays exchanged with the ranks at distance 1, 2, 4, ...: log2 N steps of S bytes, best
   * for small arrays (Thakur, Rabenseifner and Gropp, IJHPCA 2005). Other rank counts than powers
   * of two as in {@link #halvingDoubling}.
   */
  static AllReduce recursiveDoubling() {
    return new RecursiveDoublingAllReduce();
  }

  /**
   * Reduce-scatter and all-gather at distances of powers of two, on any number of ranks: 2
   * ceil(log2 N) steps, 2 (N-1)/N of the array (Bruck et al., IEEE TPDS 1997, and the same
   * backwards).
   */
  static AllReduce bruck() {
    return new BruckAllReduce();
  }

  /**
   * Ranks 0 to {@code servers} - 1 are parameter servers too, each for an equal shard: everyone
   * sends each its shard, it adds and answers (Li et al., OSDI 2014). Two steps, and 2 (N-1)/k of
   * the array through each server's port.
   *
   * @param servers k, at least 1 and at most N
   */
  static AllReduce parameterServer(int servers) {
    return new ParameterServerAllReduce(servers);
  }

  /**
   * Switches add: each rank sends S to the tree of switches and receives S (SHARP; Graham et al.,
   * COMHPC 2016). The tree is one {@linkplain Schedule#helpers helper} here, seen from the ranks'
   * links; {@link #chunked} streams through it, so that the time comes to S over the link's rate.
   * In experiments and trainings each switch stores a chunk of all below it before it sends their
   * sum on. Where several cables join two nodes of the tree, it has the rate of one of them.
   */
  static AllReduce inNetwork() {
    return new InNetworkAllReduce();
  }

  /**
   * An NVLink switch adds, and GPUs drive it: each reads the sum of its part and writes it to all
   * (NVLink SHARP in NCCL since 2.17). A GPU's link carries S (1 + 1/N) each way, so the array
   * passes at N/(N+1) of its rate. The switch is a {@linkplain Schedule#helpers helper}.
   */
  static AllReduce nvls() {
    return new NvlsAllReduce();
  }

  /**
   * A reader's own:
   *
   * <pre>{@code
   * var star = AllReduce.custom("star AllReduce", b -> {
   *   for (int r = 1; r < b.ranks(); r++) b.reduce(0, r, 0, 0, b.elements());
   *   for (int r = 1; r < b.ranks(); r++) b.copy(1, 0, r, 0, b.elements());
   * });
   * star.verify(8, 1000); // executes it on random integers
   * }</pre>
   *
   * @param name what tables call it
   * @param algorithm writes its transfers for any number of ranks and elements
   */
  static AllReduce custom(String name, Algorithm algorithm) {
    return new CustomAllReduce(name, algorithm);
  }

  /**
   * In servers of so many ranks: reduce-scatter by a ring inside each server, this AllReduce
   * between the servers, once on each rail for its part of the array, and all-gather inside. A
   * rank's NIC carries 1/{@code ranksPerServer} of what it would carry else.
   *
   * @param ranksPerServer at least 1; the ranks must fill the servers
   */
  default AllReduce hierarchical(int ranksPerServer) {
    return new HierarchicalAllReduce(this, ranksPerServer);
  }

  /**
   * The array in chunks of at most this size, one after the other like cars of a train: with k
   * chunks k - 1 steps more, each of a k-th of the bytes.
   *
   * @param chunk at least 4 bytes
   */
  default AllReduce chunked(DataSize chunk) {
    return new ChunkedAllReduce(this, chunk);
  }

  /**
   * The array in so many equal parts at the same time, each on its own, as NCCL's channels.
   *
   * @param count at least 1; channels without an element are left out
   */
  default AllReduce channels(int count) {
    return new ChannelledAllReduce(this, count);
  }

  /**
   * As many channels as a server has ranks, each through the servers' ranks in another order, so
   * that a ring enters and leaves each server through another NIC in each channel and stays on a
   * rail between servers, as NCCL's rings do. With an odd number of servers the last hop changes
   * rails.
   *
   * @param ranksPerServer at least 1; the ranks must fill the servers
   */
  default AllReduce rails(int ranksPerServer) {
    return new RailAllReduce(this, ranksPerServer);
  }

  /** {@code 2 (n-1)/n}. */
  @Override
  default double busBandwidthFactor(int ranks) {
    return 2.0 * (ranks - 1) / ranks;
  }

  @Override
  default Effect effect() {
    return Effect.sum();
  }

  /**
   * A gradient exchange that reduces whole layers together until they hold this size, the last
   * layer first, as PyTorch's DistributedDataParallel does (Li et al., VLDB 2020, section 3.2).
   */
  default GradientExchange buckets(DataSize size) {
    return GradientExchange.whole(this).buckets(size);
  }

  /** A gradient exchange of the whole gradient at once, its numbers sent in this format. */
  default GradientExchange in(Precision format) {
    return GradientExchange.whole(this).in(format);
  }
}
