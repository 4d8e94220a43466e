/**
 * Every packet, mark, pause and loss: reliable connections over a fabric's switches.
 *
 * <p>{@link weft.engine.packet.PacketEngine} is the way in. Inside, a fabric is {@code Cells}, each
 * simulated alone for as long as nothing can get into it from another: {@code Crew} finds these
 * windows and {@code Worker} goes through its cells, each with a small {@code EventHeap}.
 * Everything is an id over parallel arrays ({@code Ports}, {@code QueuePairs}, {@code Messages}),
 * and each element belongs to one node, so threads share nothing within a window. Packets are four
 * longs: in a {@code Ring} where they wait, in a {@code Stream} where they are under way; {@code
 * Arrivals} gathers from streams what each cell gets in a window.
 *
 * <p>Where to add what:
 *
 * <ul>
 *   <li>a congestion control: outside, as a {@code CongestionControl}; {@code Controllers} calls
 *       it, {@code Echo} is what an acknowledgement tells it;
 *   <li>a load balancing: outside, as a {@code LoadBalancing}; {@code Paths} works a flow's path
 *       out once, or {@code Selectors} asks at each switch;
 *   <li>another transport: a value in {@code weft.transport}; another kind of recovery: a {@code
 *       Sender} decides which packet goes next and what an answer means, a {@code Receiver} what is
 *       answered, and {@code Hosts} joins them to the network;
 *   <li>what happens to a packet on a cable (loss, bit errors, a link that is down, a log): {@code
 *       Network.transmit}, where it leaves a port, in the sending node's thread;
 *   <li>what each traffic class has for itself at a port: {@code Lane}; whose turn it is: {@code
 *       Scheduler};
 *   <li>what holds data up in a NIC: {@code Inbox};
 *   <li>what a switch does with messages: an endpoint inside it ({@code InsideSwitches}), which
 *       ends connections and opens others, so that no switch looks into packets;
 *   <li>what breaks at a time: {@code Faults}, between windows, by the steps of a {@code
 *       FaultPlan};
 *   <li>events of a new kind: {@code Clock} names them, {@code Worker.handle} deals with them;
 *   <li>looking at all ports over time: {@code PacketEngine.runUntil}, between windows; what is
 *       sampled of each is a {@code PortSamples.Quantity};
 *   <li>a device set up otherwise than the others: {@code DeviceSettings}.
 * </ul>
 *
 * <p>Whatever is added keeps three rules: state belongs to one node; a draw comes from {@code
 * Draws} by port or node; an event's id, not when it was added, orders it among those of equal
 * time.
 *
 * <h2>How it works</h2>
 *
 * <p>Time is a {@code long} of picoseconds; everything is an id over parallel primitive arrays,
 * numbered node by node. Nothing is allocated per packet or event once the arrays have grown; there
 * is no static state, so variants run side by side on all cores.
 *
 * <ul>
 *   <li><b>Windows</b> ({@code Cells}, {@code Crew}): what is sent at one node needs at least a
 *       pause frame's time and the cable's delay, the lookahead, to reach another. So for so long
 *       each node is simulated alone, with a heap of a few events that stays in the nearest cache;
 *       nodes that much shorter cables join (a server's GPUs) form one cell. Where nothing happens
 *       there is no window.
 *   <li><b>Packets</b> are four longs. Sent to another cell, a packet is written to the end of the
 *       {@code Stream} of the window in which it arrives; when that window comes the streams are
 *       read through once and dealt out ({@code Arrivals}), each cell's share is put in order and
 *       merged with its own events. What finds its port busy lies in the port's {@code Ring}. A
 *       {@code Port} is an object, because a hop needs most of it; what is seldom needed ({@code
 *       PortTally}, {@code Impairment}) is apart, so that it is fewer lines of memory.
 *   <li><b>Same bits</b> whatever the cells and threads ({@code PartsAndThreadsTest}): events of
 *       equal time are ordered by kind and id, never by when they were added; draws belong to a
 *       port or switch ({@code Draws}: hashes of key and count). With several threads each has
 *       cells of its own, streams go from thread to thread, and all meet once a window; {@code
 *       engine.threads(n)}, 1 unless set, since variants use all cores.
 *   <li><b>Listeners</b> act at the GPU they are called for; others hear of it a lookahead later at
 *       the earliest, which is checked. Runs with listeners use one thread. {@code runUntil} stops
 *       all at one time, to look at ports.
 *   <li><b>Transports</b> differ in answers to the same questions ({@code Transport}: {@code
 *       Framing}, {@code LinkControl}, {@code Recovery}, {@code Entropy}), and the engine knows no
 *       transport by name: {@code GoBackSender} or {@code SelectiveSender} by the recovery, pause
 *       frames, credits, trimming or drops by the link control, a core's time where there is a
 *       kernel.
 *   <li><b>In-band telemetry</b> is an array that goes with its packet where congestion control
 *       listens to it ({@code InBandTelemetry}), and is used again when its answer has come;
 *       elsewhere it costs a check of a constant.
 *   <li><b>Timers</b> cost few events: DCQCN's are made up for when a packet is sent or a CNP
 *       comes, a queue pair's acknowledgement timer has one pending event that is put off when it
 *       fires too early.
 *   <li><b>Switches</b> store and forward, or cut through: the sending port then books the arrival
 *       of the headers, so a hop costs the same. Latency follows, then an output queue in the
 *       shared buffer, which may be handed out in cells ({@code BufferCells}), of which each class
 *       has its alpha and what is reserved for it. Cables may have thresholds of their own ({@code
 *       CableLimits}). Control packets (ACK, NAK, CNP) go first and are never paused or dropped.
 *       RED marks a data packet as it leaves, by the bytes it leaves behind. PFC counts what each
 *       input holds against {@code alpha} × free buffer; what comes after the pause frame was sent
 *       lands in headroom. A watchdog may drop what is paused for too long; {@code Deadlock} names
 *       the ports of a circle that never will go on.
 *   <li><b>Classes</b> ({@code Scheduling}): a port has a {@code Lane} for each, with queue,
 *       pauses, headroom and credit of its own, and a NIC a list of queue pairs; {@code Scheduler}
 *       picks whose turn it is. Where there is one class the port itself is the lane.
 *   <li><b>NICs</b> pull: a packet is made when the port is free and congestion control lets its
 *       queue pair send, round robin.
 *   <li><b>Faults</b> ({@code Faults}) happen between windows: the engine stops right before each
 *       step of a {@code FaultPlan}, changes ports, and goes on. A dead port loses what it sends;
 *       its node leaves it out once it has noticed, routes do after they converged, and packets
 *       under way turn to their new path where it meets the old one. Under PFC a slow host's NIC
 *       keeps what comes in an {@code Inbox} and pauses its leaf itself; a broken one pauses for
 *       ever. Others pay a null check a packet received.
 *   <li><b>Taps</b> cost a null check a packet where there is none. A tapped port's {@code
 *       PacketLog} keeps three longs a packet; frames are made of them ({@code
 *       weft.experiment.Frames}) only when a capture is looked at or saved.
 *   <li><b>Telemetry</b> is taken between windows ({@code PortSamples}), so it changes no bit:
 *       counters' differences, and queues as a watermark cleared when read; where room ends each
 *       two samples become one. Ports keep headers of what they drop ({@code DropLog}). {@code
 *       DeviceSettings} set single devices wrong; {@code weft.experiment.Examination} is not told
 *       and names them by their counters and those of their neighbours. A run that comes to rest
 *       too early keeps its counters ({@code Ending}): {@code Experiment.attempt()}.
 *   <li>{@code Audit} runs after every run, in production code: packets made = delivered + dropped
 *       + under way, no port above its rate, no drop and no headroom overrun where lossless (unless
 *       a device is set wrong), every buffer charged for what lies in it, every byte received once.
 * </ul>
 *
 * <p>DCQCN's packets lie 19 to 27 % above the fixed point of its fluid model (Zhu et al., CoNEXT
 * 2016) because CNPs are paced, which the model leaves out; they lie within 15 % of the fixed point
 * with pacing ({@code FluidDcqcn}), and of the model's own where CNPs come often. {@code
 * Bottleneck} lays both over each other.
 */
@org.jspecify.annotations.NullMarked
package weft.engine.packet;
