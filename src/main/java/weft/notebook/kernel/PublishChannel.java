package weft.notebook.kernel;

import io.github.spencerpark.jupyter.channels.IOPubChannel;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Message;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The channel of outputs. Any thread may publish; one thread of its own sends, in order.
 *
 * <p>Cell threads get interrupted, and an interrupt inside JeroMQ closes the socket for good: so
 * they only ever touch the queue.
 */
final class PublishChannel extends IOPubChannel {
  private final BlockingQueue<Message<?>> queue = new LinkedBlockingQueue<>();
  private final Thread sender = new Thread(this::sendAll, "weft-iopub");

  PublishChannel(ZMQ.Context context, HMACGenerator signer) {
    super(context, signer);
    setHWM(0); // a slow reader's outputs wait; the default drops everything past 1,000 messages
  }

  @Override
  public void bind(KernelConnectionProperties told) {
    bind(formatAddress(told.getTransport(), told.getIp(), told.getIopubPort()));
    sender.setDaemon(true);
    sender.start();
  }

  /** Queues the message; never blocks. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the queue is for any thread
  public void sendMessage(Message<?> message) {
    queue.add(message);
  }

  /** Sends what is queued, then closes. */
  void drain() throws InterruptedException {
    sender.interrupt();
    sender.join(2_000);
  }

  private void sendAll() {
    try {
      while (true) {
        super.sendMessage(queue.take());
      }
    } catch (InterruptedException closing) {
      queue.forEach(super::sendMessage);
    } catch (ZMQException terminated) {
      // nothing more can be sent
    }
    close();
  }
}
