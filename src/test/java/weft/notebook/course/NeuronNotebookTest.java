package weft.notebook.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.relu;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;
import static weft.nn.Sample.inputs;
import static weft.units.Units.bytes;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.nn.Convergence;
import weft.nn.Network;
import weft.nn.Pass;

/** What notebook 01 tells its readers, and how its exercises answer them. */
class NeuronNotebookTest {
  private static final Path NOTEBOOK = Path.of("notebooks", "01-a-neuron-by-hand.ipynb");

  private final Exercises exercises = new Exercises().addAll(NeuronExercises.all());
  private final Network net = network(0.0, 0.5, 1.0);

  private static Network network(double b3, double b4, double w53) {
    return Network.inputs(2)
        .dense(2, relu())
        .weights(0.5, 0.5, 1.0, 1.0)
        .biases(b3, b4)
        .dense(1, relu())
        .weights(w53, 1.0)
        .biases(0.5)
        .loss(squaredError());
  }

  private static double gradient(Pass pass, String parameter) {
    var table = pass.gradients();
    int row = table.stringColumn("parameter").indexOf(parameter);
    return table.doubleColumn("gradient").get(row);
  }

  @Test
  void theSentenceAndTheSumsDifferInTheGradientAlone() {
    var sums = net.forward(1, 0).target(2).backward();
    var prose = network(0.5, 0.0, 1.0).forward(1, 0).target(2).backward();
    assertEquals(sums.loss(), prose.loss());
    assertEquals(0.5, gradient(sums, "W53"));
    assertEquals(1.0, gradient(prose, "W53"));
  }

  @Test
  void theTwoBiasesOfTheTextPartWhenW53IsNotOne() {
    var pass = network(0.0, 0.5, 3.0).forward(1, 0).target(2).backward();
    assertEquals(3.0, gradient(pass, "b5"));
    assertEquals(9.0, gradient(pass, "b3"));
  }

  @Test
  void anInactiveNeuronLearnsNothingWhateverItsBias() {
    var pass = network(-1.0, 0.5, 1.0).forward(1, 0).target(3).backward();
    for (String silent : new String[] {"W31", "W32", "b3", "W53"}) {
      assertEquals(0.0, gradient(pass, silent), silent);
    }
    assertEquals(-2.0, gradient(pass, "b4"));
  }

  private Convergence learn(double rate) {
    return net.train(sgd(rate)).on(inputs(1, 0).target(2)).atMost(100).untilLossBelow(1e-6);
  }

  @Test
  void theRatesOfTheNotebookConvergeDieOrCheat() {
    assertEquals(44, learn(0.01).iterations());
    assertEquals(4, learn(0.6).loss());
    var cheat = learn(0.5);
    assertEquals(4, cheat.iterations());
    assertEquals(0, cheat.loss());
    assertEquals(2, cheat.network().forward(3, 0).outputs()[0]);
    assertEquals(2, cheat.network().forward(30, 0).outputs()[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "silent target, 2.5",
    "new W54, 0.985",
    "input of two, 8",
    "zero input, 3",
    "learning rate, 0.08",
    "learning rate, 0.09",
    "gradient bytes, 38440"
  })
  void theRightAnswersAreAccepted(String exercise, double answer) {
    assertTrue(exercises.check(exercise, answer).isRight());
  }

  @Test
  void aQuantityIsAnAnswerToo() {
    assertTrue(exercises.check("gradient bytes", bytes(38_440)).isRight());
  }

  @ParameterizedTest
  @CsvSource({
    "silent target, 2, those of the text",
    "silent target, 1, (Yr - Ye)",
    "new W54, 0.995, that is the new W53",
    "new W54, 0.99, what the weight multiplies",
    "new W54, 1.015, against the gradient",
    "new W54, 0, then one step of 0.01",
    "input of two, 1, new forward pass",
    "input of two, 4, still missing",
    "zero input, 9, whose input is 0",
    "zero input, 4, ReLU'(0) is 0",
    "learning rate, 0.01, too small a rate",
    "learning rate, 0.5, hidden neurons are dead",
    "learning rate, 0.6, the output neuron dies",
    "learning rate, -1, above 0",
    "gradient bytes, 9610, how many bytes",
    "gradient bytes, 37888, a bias too",
    "gradient bytes, 307520, in bits"
  })
  void aKnownMistakeGetsItsHint(String exercise, double answer, String hint) {
    var verdict = exercises.check(exercise, answer);
    assertFalse(verdict.isRight());
    assertTrue(verdict.hint().contains(hint), verdict::hint);
  }

  @Test
  void noHintTellsTheAnswer() {
    var answers =
        Map.of(
            "silent target", "2\\.5",
            "new W54", "0\\.985",
            "input of two", "8",
            "zero input", "3|three",
            "learning rate", "0\\.0[89]",
            "gradient bytes", "38,?440");
    var wrong = new double[] {-1, 0, 0.01, 0.5, 0.6, 0.99, 0.995, 1, 2, 4, 5, 9, 9610, 37888, 1e9};
    answers.forEach(
        (exercise, answer) -> {
          var tells = Pattern.compile("(?<![\\w.])(" + answer + ")(?![\\w.])");
          for (double guess : wrong) {
            String hint = exercises.check(exercise, guess).hint();
            assertFalse(
                tells.matcher(hint.replace("forward(3, 0)", "")).find(), exercise + ": " + hint);
          }
        });
  }

  @Test
  void theNotebookHasTheFormOfTheCourse() throws IOException {
    JsonObject notebook = JsonParser.parseString(Files.readString(NOTEBOOK)).getAsJsonObject();
    assertEquals(
        "java",
        notebook
            .getAsJsonObject("metadata")
            .getAsJsonObject("kernelspec")
            .get("name")
            .getAsString());
    var ids = new HashSet<String>();
    int words = 0;
    for (JsonElement element : notebook.getAsJsonArray("cells")) {
      JsonObject cell = element.getAsJsonObject();
      String id = cell.get("id").getAsString();
      assertTrue(ids.add(id), id);
      assertTrue(cell.getAsJsonObject("metadata").has("slideshow"), id);
      var source = new StringBuilder();
      cell.getAsJsonArray("source").forEach(line -> source.append(line.getAsString()));
      if (cell.get("cell_type").getAsString().equals("markdown")) {
        words += source.toString().split("\\s+").length;
      } else {
        assertFalse(cell.getAsJsonArray("outputs").isEmpty(), id + " is committed without output");
        requireTerms(source.toString());
      }
    }
    assertTrue(words >= 1000 && words <= 2000, words + " words");
  }

  private static void requireTerms(String source) {
    if (source.contains("glossary(")) {
      var terms = Pattern.compile("\"([^\"]+)\"").matcher(source);
      while (terms.find()) {
        String meaning = Glossary.standard().define(terms.group(1));
        assertFalse(meaning.startsWith("The glossary has no"), meaning);
      }
    }
  }
}
