package weft.verbs;

import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.util.List;

/** A lab with one queue pair a side, as most tests need it. */
final class Pair {
  static final Access[] EVERYTHING = Access.values();

  final VerbsLab lab = VerbsLab.cable(gbps(100), us(1));
  final ProtectionDomain domainA = lab.a().protectionDomain();
  final ProtectionDomain domainB = lab.b().protectionDomain();
  final CompletionQueue doneA = lab.a().completionQueue();
  final CompletionQueue doneB = lab.b().completionQueue();
  final QueuePair a;
  final QueuePair b;
  final MemoryRegion memoryA = domainA.register(bytes(64 * 1024), EVERYTHING);
  final MemoryRegion memoryB = domainB.register(bytes(64 * 1024), EVERYTHING);

  Pair(QpType type) {
    this(type, Attributes.none());
  }

  Pair(QpType type, Attributes changes) {
    a = domainA.queuePair(type, doneA);
    b = domainB.queuePair(type, doneB);
    lab.connect(a, b, changes);
  }

  static Pair reliable() {
    return new Pair(QpType.RC);
  }

  static Pair reliable(Attributes changes) {
    return new Pair(QpType.RC, changes);
  }

  /** Runs, and tells the only completion of this queue. */
  WorkCompletion only(CompletionQueue queue) {
    List<WorkCompletion> all = outcome(queue);
    if (all.size() != 1) {
      throw new AssertionError("one completion expected, but there are " + all);
    }
    return all.get(0);
  }

  List<WorkCompletion> outcome(CompletionQueue queue) {
    lab.run();
    return queue.poll();
  }

  List<Status> statuses(CompletionQueue queue) {
    return outcome(queue).stream().map(WorkCompletion::status).toList();
  }

  /** Random bytes, the same each time. */
  static byte[] noise(int size, long seed) {
    byte[] bytes = new byte[size];
    new java.util.Random(seed).nextBytes(bytes);
    return bytes;
  }
}
