package weft.notebook.kernel;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** An {@code .ipynb} file: its code cells, run one by one, and their outputs. */
final class NotebookFile {
  private final JsonObject json;

  NotebookFile(Path file) throws IOException {
    json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  void write(Path file) throws IOException {
    var gson = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();
    var text = new java.io.StringWriter();
    var writer = gson.newJsonWriter(text);
    writer.setIndent(" ");
    gson.toJson(json, writer);
    Files.writeString(file, text + "\n");
  }

  List<JsonObject> codeCells() {
    return StreamSupport.stream(json.getAsJsonArray("cells").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(cell -> cell.get("cell_type").getAsString().equals("code"))
        .toList();
  }

  static String source(JsonObject cell) {
    return text(cell.get("source"));
  }

  /** Text as nbformat keeps it: a string, or a list of lines. */
  static String text(JsonElement stored) {
    return stored.isJsonArray()
        ? StreamSupport.stream(stored.getAsJsonArray().spliterator(), false)
            .map(JsonElement::getAsString)
            .collect(Collectors.joining())
        : stored.getAsString();
  }

  /** Whether a cell's tags or metadata carry a mark: {@code volatile}, {@code raises-exception}. */
  static boolean isMarked(JsonObject cell, String mark) {
    JsonObject metadata = cell.getAsJsonObject("metadata");
    if (metadata == null) {
      return false;
    }
    boolean weft = metadata.has("weft") && metadata.get("weft").getAsString().equals(mark);
    boolean tagged =
        metadata.has("tags")
            && StreamSupport.stream(metadata.getAsJsonArray("tags").spliterator(), false)
                .anyMatch(tag -> tag.getAsString().equals(mark));
    return weft || tagged;
  }

  /** What came of a cell, as nbformat keeps it; later updates and batches are joined. */
  static JsonArray outputs(Outcome outcome) {
    var outputs = new ArrayList<JsonObject>();
    var ids = new java.util.HashMap<String, JsonObject>();
    for (var message : outcome.published()) {
      JsonObject content = message.content().deepCopy();
      JsonElement about = content.remove("transient");
      String id =
          about != null && about.getAsJsonObject().has("display_id")
              ? about.getAsJsonObject().get("display_id").getAsString()
              : "";
      switch (message.type()) {
        case "stream" -> addStream(outputs, content);
        case "display_data", "execute_result", "error" -> {
          content.addProperty("output_type", message.type());
          outputs.add(content);
          ids.put(id, content);
        }
        case "update_display_data" -> update(ids.get(id), content);
        default -> {}
      }
    }
    var array = new JsonArray();
    // a progress display that has ended shows nothing, and is nothing to keep
    outputs.stream().filter(output -> !isEmptyDisplay(output)).forEach(array::add);
    return array;
  }

  private static boolean isEmptyDisplay(JsonObject output) {
    return output.get("output_type").getAsString().equals("display_data")
        && output.getAsJsonObject("data").asMap().values().stream()
            .allMatch(value -> value.isJsonPrimitive() && value.getAsString().isEmpty());
  }

  private static void addStream(List<JsonObject> outputs, JsonObject content) {
    JsonObject last = outputs.isEmpty() ? new JsonObject() : outputs.get(outputs.size() - 1);
    if (last.has("name") && last.get("name").equals(content.get("name"))) {
      last.addProperty("text", last.get("text").getAsString() + content.get("text").getAsString());
    } else {
      content.addProperty("output_type", "stream");
      outputs.add(content);
    }
  }

  private static void update(@org.jspecify.annotations.Nullable JsonObject shown, JsonObject by) {
    if (shown != null) {
      shown.add("data", by.get("data"));
      shown.add("metadata", by.get("metadata"));
    }
  }

  /**
   * The parts of outputs that must come out the same each time: text, and that there is an image. A
   * place where progress was shown until it was taken away counts as none.
   */
  static List<String> comparable(JsonArray outputs) {
    var parts = new ArrayList<String>();
    for (JsonElement each : outputs) {
      JsonObject output = each.getAsJsonObject();
      String type = output.get("output_type").getAsString();
      if (output.has("text")) {
        parts.add(output.get("name").getAsString() + ": " + text(output.get("text")));
      } else if (output.has("data")) {
        for (Map.Entry<String, JsonElement> form : output.getAsJsonObject("data").entrySet()) {
          boolean image = form.getKey().startsWith("image/");
          if (text(form.getValue()).isEmpty()) {
            continue;
          }
          parts.add(form.getKey() + (image ? "" : ": " + text(form.getValue())));
        }
      } else {
        parts.add(type + ": " + output.get("ename").getAsString());
      }
    }
    parts.sort(null);
    return parts;
  }
}
