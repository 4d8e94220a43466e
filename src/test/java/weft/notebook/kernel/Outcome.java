package weft.notebook.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import weft.notebook.kernel.JupyterClient.Received;

/**
 * What came of a cell.
 *
 * @param reply the content of {@code execute_reply}
 * @param published the messages on iopub, {@code busy} first and {@code idle} last
 */
record Outcome(JsonObject reply, List<Received> published) {
  String status() {
    return reply.get("status").getAsString();
  }

  String out() {
    return stream("stdout");
  }

  String err() {
    return stream("stderr");
  }

  private String stream(String name) {
    return of("stream").stream()
        .filter(message -> message.content().get("name").getAsString().equals(name))
        .map(message -> message.content().get("text").getAsString())
        .collect(Collectors.joining());
  }

  List<Received> of(String type) {
    return published.stream().filter(message -> message.type().equals(type)).toList();
  }

  /** The result in one of its forms; empty if there is none. */
  String result(String mime) {
    return of("execute_result").stream()
        .map(message -> message.content().getAsJsonObject("data").get(mime))
        .filter(data -> data != null)
        .map(JsonElement::getAsString)
        .findFirst()
        .orElse("");
  }

  String text() {
    return result("text/plain");
  }

  String errorName() {
    return reply.has("ename") ? reply.get("ename").getAsString() : "";
  }

  /** The whole report of an error, without its colours. */
  String error() {
    return of("error").stream()
        .flatMap(
            message ->
                StreamSupport.stream(
                    message.content().getAsJsonArray("traceback").spliterator(), false))
        .map(JsonElement::getAsString)
        .collect(Collectors.joining("\n"))
        .replaceAll("\u001B\\[[0-9;]*m", "");
  }
}
