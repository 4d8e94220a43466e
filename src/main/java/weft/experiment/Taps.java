package weft.experiment;

import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weft.capture.Capture;
import weft.capture.CapturePoint;
import weft.capture.CapturedFrame;
import weft.capture.Mac;
import weft.engine.packet.PacketEngine;
import weft.engine.packet.PacketLog;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.transport.Transport;
import weft.units.Time;

/** The taps of one run: logs of ports while it runs, a capture of frames afterwards. */
final class Taps {
  private static final int UNKNOWN = -1;

  private final Fabric fabric;
  private final List<PacketLog> logs = new ArrayList<>();

  /** Puts the taps in before a run. */
  Taps(Fabric fabric, PacketEngine engine, List<Tap> taps) {
    this.fabric = fabric;
    var frames = new LinkedHashMap<Integer, Integer>();
    for (Tap tap : taps) {
      for (int link : tap.links(fabric)) {
        frames.merge(link, tap.frames(), Math::max);
      }
    }
    frames.forEach(
        (link, most) -> {
          logs.add(engine.capture(2 * link, most));
          logs.add(engine.capture(2 * link + 1, most));
        });
  }

  /** What came by. Frames are made when they are looked at, so a capture takes little memory. */
  Capture capture(PacketEngine engine, Transport transport) {
    if (logs.isEmpty()) {
      return Capture.of(List.of(), List.of(), 0);
    }
    var frames = new Frames(fabric, engine, transport);
    var points = new ArrayList<CapturePoint>();
    long missed = 0;
    for (PacketLog log : logs) {
      Link link = link(log);
      String from = fabric.nodes().get(from(log)).name();
      String to = fabric.nodes().get(to(log)).name();
      points.add(new CapturePoint(from + " > " + to, link.rate()));
      missed += log.missed();
    }
    return Capture.of(points, new Kept(frames), missed);
  }

  private Link link(PacketLog log) {
    return fabric.links().get(log.port() / 2);
  }

  private int from(PacketLog log) {
    return log.port() % 2 == 0 ? link(log).a() : link(log).b();
  }

  private int to(PacketLog log) {
    return log.port() % 2 == 0 ? link(log).b() : link(log).a();
  }

  /** All logs' packets in the order of time, as frames that are made anew each time. */
  private final class Kept extends AbstractList<CapturedFrame> {
    private final Frames frames;
    private final long[] order; // log above, index below
    private final List<BitSet> again = new ArrayList<>();
    private final int[][] hops; // by log, from each node
    private final Mac[] fromPort = new Mac[logs.size()];
    private final Mac[] toPort = new Mac[logs.size()];

    Kept(Frames frames) {
      this.frames = frames;
      var all = new ArrayList<Long>();
      hops = new int[logs.size()][];
      for (int l = 0; l < logs.size(); l++) {
        PacketLog log = logs.get(l);
        again.add(sentAgain(log));
        hops[l] = hopsTo(from(log));
        fromPort[l] = frames.port(from(log), log.port() / 2);
        toPort[l] = frames.port(to(log), log.port() / 2);
        for (int i = 0; i < log.size(); i++) {
          all.add((long) l << 32 | i);
        }
      }
      all.sort((x, y) -> Long.compare(time(x), time(y))); // stable: then by log
      order = all.stream().mapToLong(Long::longValue).toArray();
    }

    private long time(long entry) {
      return logs.get((int) (entry >>> 32)).timePs((int) entry);
    }

    @Override
    public int size() {
      return order.length;
    }

    @Override
    public CapturedFrame get(int place) {
      int l = (int) (order[place] >>> 32);
      int i = (int) order[place];
      PacketLog log = logs.get(l);
      boolean packet = log.kind(i) != PacketLog.Kind.PAUSE && log.kind(i) != PacketLog.Kind.RESUME;
      int behind = packet ? hops[l][fabric.node(frames.sender(log, i))] : 0;
      String comment = again.get(l).get(i) ? "sent again" : "";
      return new CapturedFrame(
          new Time(log.timePs(i)), l, frames.of(log, i, fromPort[l], toPort[l], behind), comment);
    }
  }

  /** Which data packets of a log had passed before. */
  private static BitSet sentAgain(PacketLog log) {
    var again = new BitSet();
    Map<Integer, BitSet> passed = new HashMap<>();
    for (int i = 0; i < log.size(); i++) {
      if (log.kind(i) == PacketLog.Kind.DATA) {
        BitSet before = passed.computeIfAbsent(log.queuePair(i), qp -> new BitSet());
        again.set(i, before.get(log.psn(i)));
        before.set(log.psn(i));
      }
    }
    return again;
  }

  /** Links of the shortest way from each node to this one. */
  private int[] hopsTo(int node) {
    int[] hops = new int[fabric.nodes().size()];
    Arrays.fill(hops, UNKNOWN);
    hops[node] = 0;
    var next = new ArrayDeque<Integer>(List.of(node));
    while (!next.isEmpty()) {
      int at = next.remove();
      for (int link : fabric.linksAt(at)) {
        Link cable = fabric.links().get(link);
        int other = cable.a() == at ? cable.b() : cable.a();
        if (hops[other] == UNKNOWN && !fabric.isScaleUp(cable)) {
          hops[other] = hops[at] + 1;
          next.add(other);
        }
      }
    }
    return hops;
  }
}
