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
 */
@org.jspecify.annotations.NullMarked
package weft.engine.packet;
