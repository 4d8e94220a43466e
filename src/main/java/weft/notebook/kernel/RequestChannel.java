package weft.notebook.kernel;

import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Message;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The shell or the control channel: a thread that waits for requests and answers each in turn.
 *
 * <p>It waits inside {@code recv}, where basekernel looks every 50 ms: that wait was most of the
 * time a small cell took. Whatever a handler throws, the thread lives on.
 */
final class RequestChannel extends ShellChannel {
  private final String name;
  private final Connection connection;
  private final boolean control;

  RequestChannel(
      ZMQ.Context context, HMACGenerator signer, Connection connection, boolean control) {
    super(context, signer, control, connection);
    this.name = control ? "weft-control" : "weft-shell";
    this.connection = connection;
    this.control = control;
  }

  @Override
  public void bind(KernelConnectionProperties told) {
    int port = control ? told.getControlPort() : told.getShellPort();
    bind(formatAddress(told.getTransport(), told.getIp(), port));
    var thread = new Thread(this::answerAll, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void answerAll() {
    try {
      while (true) {
        Message<?> request = Wire.read(this, hmacGenerator);
        if (request != null) {
          answer(request);
        }
      }
    } catch (ZMQException terminated) {
      close();
    }
  }

  @SuppressWarnings("unchecked")
  private <T> void answer(Message<T> request) {
    ShellHandler<T> handler = connection.getHandler(request.getHeader().getType());
    if (handler == null) {
      return;
    }
    ShellReplyEnvironment environment = connection.prepareReplyEnv(this, request);
    try {
      handler.handle(environment, request);
    } catch (ZMQException terminated) {
      throw terminated;
    } catch (Throwable failure) { // an Error of one request must not end the channel
      Log.failure("answering " + request.getHeader().getType().getName(), failure);
    } finally {
      environment.resolveDeferrals();
    }
    if (environment.isMarkedForShutdown()) {
      connection.shutDown();
    }
  }

  /** Closes the socket alone: the thread ends by itself when the context does. */
  @Override
  public void close() {
    super.close();
  }
}
