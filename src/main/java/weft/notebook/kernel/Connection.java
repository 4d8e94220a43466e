package weft.notebook.kernel;

import io.github.spencerpark.jupyter.channels.IOPubChannel;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import java.security.GeneralSecurityException;
import java.util.concurrent.CountDownLatch;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The five sockets of a kernel, each used by one thread that waits rather than polls.
 *
 * <p>basekernel's own sockets, made by its constructor, stay unbound.
 */
final class Connection extends JupyterConnection {
  private final KernelConnectionProperties told;
  private final ZMQ.Context context = ZMQ.context(1);
  private final RequestChannel requests;
  private final RequestChannel controls;
  private final InputChannel input;
  private final PublishChannel outputs;
  private final CountDownLatch shutDown = new CountDownLatch(1);

  Connection(KernelConnectionProperties told) throws GeneralSecurityException {
    super(told);
    this.told = told;
    HMACGenerator signer = told.createHMACGenerator();
    requests = new RequestChannel(context, signer, this, false);
    controls = new RequestChannel(context, signer, this, true);
    input = new InputChannel(context, signer);
    outputs = new PublishChannel(context, signer);
  }

  /** Binds to the address in the connection file, and to nothing else. */
  @Override
  public void connect() {
    outputs.bind(told);
    input.bind(told);
    startHeartbeat();
    controls.bind(told);
    requests.bind(told);
    outputs.sendMessage(new Message<>(null, PublishStatus.MESSAGE_TYPE, PublishStatus.STARTING));
  }

  private void startHeartbeat() {
    ZMQ.Socket socket = context.socket(SocketType.REP);
    socket.bind(told.getTransport() + "://" + told.getIp() + ":" + told.getHbPort());
    var thread = new Thread(() -> echo(socket), "weft-heartbeat");
    thread.setDaemon(true);
    thread.start();
  }

  private static void echo(ZMQ.Socket socket) {
    try (socket) {
      while (true) {
        socket.send(socket.recv());
      }
    } catch (ZMQException terminated) {
      // the kernel is shutting down
    }
  }

  @Override
  public IOPubChannel getIOPub() {
    return outputs;
  }

  @Override
  public ShellReplyEnvironment prepareReplyEnv(ShellChannel channel, MessageContext request) {
    return new Environment(channel, input, outputs, request);
  }

  /** Lets {@link #waitUntilClose} return. */
  void shutDown() {
    shutDown.countDown();
  }

  /** Waits for a shutdown request, then sends what is still queued and closes. */
  @Override
  public void waitUntilClose() {
    try {
      shutDown.await();
      outputs.drain();
      input.close();
      var closing = new Thread(context::term, "weft-close");
      closing.setDaemon(true);
      closing.start();
      closing.join(2_000);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Environment extends ShellReplyEnvironment {
    Environment(
        ShellChannel channel, InputChannel input, PublishChannel outputs, MessageContext request) {
      super(channel, input, outputs, request);
    }
  }
}
