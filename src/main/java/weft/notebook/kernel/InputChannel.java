package weft.notebook.kernel;

import io.github.spencerpark.jupyter.channels.StdinChannel;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.reply.InputReply;
import io.github.spencerpark.jupyter.messages.request.InputRequest;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Asks the reader for a line, as {@code System.in} does. The socket belongs to one thread, so that
 * interrupting the waiting cell leaves it whole.
 */
final class InputChannel extends StdinChannel {
  private static final int LOOK_MS = 200;

  private final ExecutorService socketThread =
      Executors.newSingleThreadExecutor(
          task -> {
            var thread = new Thread(task, "weft-stdin");
            thread.setDaemon(true);
            return thread;
          });

  InputChannel(ZMQ.Context context, HMACGenerator signer) {
    super(context, signer);
    setReceiveTimeOut(LOOK_MS);
  }

  @Override
  public void bind(KernelConnectionProperties told) {
    bind(formatAddress(told.getTransport(), told.getIp(), told.getStdinPort()));
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the socket has a thread of its own
  public String getInput(MessageContext cell, String prompt, boolean isPassword) {
    var cancelled = new CompletableFuture<Void>();
    Future<String> line = socketThread.submit(() -> ask(cell, prompt, isPassword, cancelled));
    try {
      return line.get() + System.lineSeparator();
    } catch (InterruptedException stop) {
      cancelled.complete(null);
      throw new CancellationException("interrupted: waiting for input");
    } catch (ExecutionException failure) {
      throw new IllegalStateException("no input could be read", failure.getCause());
    }
  }

  private String ask(
      MessageContext cell, String prompt, boolean isPassword, CompletableFuture<Void> cancelled) {
    var question =
        new Message<>(cell, InputRequest.MESSAGE_TYPE, new InputRequest(prompt, isPassword));
    sendMessage(question);
    while (!cancelled.isDone()) {
      Message<?> reply = Wire.read(this, hmacGenerator);
      if (reply != null && reply.getContent() instanceof InputReply answer) {
        return answer.getValue();
      }
    }
    return "";
  }

  /** Ends the thread and closes the socket. */
  @Override
  public void close() {
    socketThread.shutdownNow();
    try {
      super.close();
    } catch (ZMQException terminated) {
      // already gone with its context
    }
  }
}
