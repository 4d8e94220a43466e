package weft.notebook.kernel;

import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.publish.PublishError;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteInput;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteResult;
import io.github.spencerpark.jupyter.messages.reply.ErrorReply;
import io.github.spencerpark.jupyter.messages.reply.ExecuteReply;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers {@code execute_request}: input, outputs, result or error, reply, in that order. */
final class Cells {
  /** Runs a cell and renders its value. */
  interface Evaluator {
    @Nullable DisplayData evaluate(int cell, String source) throws Failure;
  }

  private final Evaluator evaluator;
  private final Runnable flush;
  private int count;

  Cells(Evaluator evaluator, Runnable flush) {
    this.evaluator = evaluator;
    this.flush = flush;
  }

  void execute(ShellReplyEnvironment environment, Message<ExecuteRequest> message) {
    ExecuteRequest request = message.getContent();
    environment.setBusyDeferIdle();
    boolean counted = !request.isSilent() && !request.getCode().isBlank();
    int cell = counted ? ++count : count;
    if (!request.isSilent()) {
      environment.publish(new PublishExecuteInput(request.getCode(), cell));
    }
    try {
      DisplayData result = evaluator.evaluate(cell, request.getCode());
      flush.run();
      if (result != null && !request.isSilent()) {
        environment.publish(new PublishExecuteResult(cell, result));
      }
      environment.defer().reply(new ExecuteReply(cell, Map.of()));
    } catch (Failure failure) {
      flush.run();
      fail(environment, cell, failure);
    } catch (Throwable broken) { // ours, or no memory left: the reader is told either way
      flush.run();
      String words = broken.getMessage() == null ? "" : broken.getMessage();
      fail(environment, cell, Failure.of(broken.getClass().getName(), words));
      Log.failure("cell " + cell, broken);
    }
  }

  private static void fail(ShellReplyEnvironment environment, int cell, Failure failure) {
    environment.publish(new PublishError(failure.name(), failure.message(), failure.lines()));
    var reply = new ErrorReply(failure.name(), failure.message(), failure.lines());
    reply.setExecutionCount(cell);
    environment.defer().replyError(ExecuteReply.MESSAGE_TYPE.error(), reply);
  }
}
