package weft.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.util.FastMath;
import weft.nn.compute.Team;
import weft.report.Digits;
import weft.sim.Interruption;
import weft.sim.RandomStreams;
import weft.units.Check;

/**
 * A text whose characters are the tokens of a language model: an immutable value. Load one with
 * {@link Datasets#persuasion} or {@link Datasets#text}.
 *
 * <pre>{@code
 * var text = Datasets.persuasion();
 * var net = Network.tokens(text.vocabulary(), 64).embedding(32).positions()
 *     .residual(b -> b.layerNorm().causalAttention(4))
 *     .dense(text.vocabulary(), softmax()).loss(crossEntropy());
 * // ... train it on text.sequences(64), then:
 * text.continued(net, "The ", 200, 1);
 * }</pre>
 */
public final class Text {
  private static final int MOST_CHARACTERS = 10_000_000;

  private final String name;
  private final String description;

  /** The different characters as Unicode code points, in their order: a token is an index. */
  private final int[] alphabet;

  private final int[] tokens;

  private Text(String name, String description, int[] alphabet, int[] tokens) {
    this.name = name;
    this.description = description;
    this.alphabet = alphabet;
    this.tokens = tokens;
  }

  static Text of(String name, String description, String content) {
    int[] characters = content.codePoints().toArray();
    int[] alphabet = Arrays.stream(characters).sorted().distinct().toArray();
    if (alphabet.length < 2) {
      throw new IllegalArgumentException(
          "a text to learn from has at least 2 different characters, but %s has %d: check the file"
              .formatted(name, alphabet.length));
    }
    for (int i = 0; i < characters.length; i++) {
      characters[i] = Arrays.binarySearch(alphabet, characters[i]);
    }
    return new Text(name, description, alphabet, characters);
  }

  /** A short name, for messages and provenance. */
  public String name() {
    return name;
  }

  /** Where the text comes from. */
  public String description() {
    return description;
  }

  /** How many characters the text has. */
  public int length() {
    return tokens.length;
  }

  /** How many different characters the text has: tokens are whole numbers from 0 below this. */
  public int vocabulary() {
    return alphabet.length;
  }

  /** The different characters in the order of their tokens. */
  public String alphabet() {
    return new String(alphabet, 0, alphabet.length);
  }

  /**
   * The tokens of some characters.
   *
   * @throws IllegalArgumentException if a character does not occur in the text
   */
  public int[] encode(String characters) {
    Check.notNull("characters", characters, "write for example encode(\"The \")");
    return characters.codePoints().map(this::token).toArray();
  }

  private int token(int character) {
    int token = Arrays.binarySearch(alphabet, character);
    if (token < 0) {
      throw new IllegalArgumentException(
          "the character '%s' does not occur in %s, so it has no token: use characters of alphabet()"
              .formatted(Character.toString(character), name));
    }
    return token;
  }

  /**
   * The characters of some tokens.
   *
   * @throws IllegalArgumentException if a token is below 0 or not below {@link #vocabulary}
   */
  public String decode(int... known) {
    Check.notNull("tokens", known, "write for example decode(encode(\"The \"))");
    var characters = new StringBuilder();
    for (int token : known) {
      characters.appendCodePoint(alphabet[Check.index("token", token, alphabet.length)]);
    }
    return characters.toString();
  }

  /**
   * The text cut into sequences that follow each other without a gap. A row's features are the
   * tokens, and the class of a position is the token that follows it: a network learns to predict
   * the next character at every step. Characters left over at the end are left out.
   *
   * @param length tokens of a row, at least 1 and below the text's length
   */
  public Dataset sequences(int length) {
    if (length < 1 || length >= tokens.length) {
      throw new IllegalArgumentException(
          "sequences of %s have from 1 to %d characters, got %d: write for example sequences(128)"
              .formatted(name, tokens.length - 1, length));
    }
    int count = (tokens.length - 1) / length * length;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = tokens[i];
    }
    return new Dataset(
        name,
        "%s Sequences of %s, each with the next one as its class."
            .formatted(description, Digits.counted(length, "character")),
        IntStream.rangeClosed(1, length).mapToObj(i -> "character " + i).toList(),
        classNames(),
        values,
        Arrays.copyOfRange(tokens, 1, count + 1),
        length);
  }

  private List<String> classNames() {
    return Arrays.stream(alphabet).mapToObj(Character::toString).toList();
  }

  /** {@link #continued(Network, String, int, long, double)} at temperature 1. */
  public String continued(Network network, String start, int characters, long seed) {
    return continued(network, start, characters, seed, 1);
  }

  /**
   * Continues a beginning one character at a time, each drawn by the probabilities that the network
   * gives after those before it, of which it sees as many as its sequences are long. Meant for
   * networks whose steps see earlier steps alone: recurrent ones and causal attention.
   *
   * @param network one that takes tokens of this vocabulary and predicts one at every step
   * @param start at least one character
   * @param characters how many to add
   * @param seed of the draws: the same one gives the same text
   * @param temperature above 0: 1 draws by the network's own probabilities, less prefers likely
   *     characters, more evens them out
   * @return start and continuation
   */
  public String continued(
      Network network, String start, int characters, long seed, double temperature) {
    checkSpeaks(Check.notNull("a network", network, "complete one by loss(...)"));
    int[] begun = encode(start);
    if (begun.length == 0 || characters < 0 || !(temperature > 0)) {
      throw new IllegalArgumentException(
          "continued(...) takes at least 1 character to begin with, 0 or more to add, and a temperature above 0, got \"%s\", %d and %s: write for example continued(net, \"The \", 200, 1)"
              .formatted(start, characters, temperature));
    }
    if (characters > MOST_CHARACTERS - begun.length) {
      throw new IllegalArgumentException(
          "continued(...) writes at most %d characters, got %d to add: write for example continued(net, \"The \", 200, 1)"
              .formatted(MOST_CHARACTERS, characters));
    }
    int[] all = Arrays.copyOf(begun, begun.length + characters);
    var draws = new RandomStreams(seed).named("characters");
    var engine = Engine.of(network, network.precision(), 1, Engine.Use.EVALUATE, Team.ALONE);
    for (int at = begun.length; at < all.length; at++) {
      Interruption.check("writing, character %d of %d".formatted(at, all.length));
      all[at] = drawn(probabilities(engine, network.inputs(), all, at, temperature), draws);
    }
    return decode(all);
  }

  private void checkSpeaks(Network network) {
    boolean reads = network.in().isTokens() && network.in().vocabulary() == vocabulary();
    boolean predicts =
        network.out().positions() == network.inputs() && network.outputs() == vocabulary();
    if (!reads || !predicts) {
      throw new IllegalArgumentException(
          "a network that continues %s takes tokens below %d and predicts one at every step, got %s: begin with Network.tokens(%d, length) and end in dense(%d, softmax())"
              .formatted(name, vocabulary(), network, vocabulary(), vocabulary()));
    }
  }

  /** Those of the next character, not yet divided by their sum. */
  private double[] probabilities(
      Engine engine, int length, int[] all, int end, double temperature) {
    int from = Math.max(0, end - length);
    double[] seen = new double[length]; // after the end of what is written, any token will do
    for (int i = from; i < end; i++) {
      seen[i - from] = all[i];
    }
    engine.load(0, seen, new double[0]);
    engine.forward(1);
    double[] shares = new double[vocabulary()];
    for (int i = 0; i < shares.length; i++) {
      double share = engine.output(0, (end - 1 - from) * shares.length + i);
      shares[i] = share > 0 ? FastMath.exp(FastMath.log(share) / temperature) : 0;
    }
    return shares;
  }

  private static int drawn(double[] shares, RandomGenerator draws) {
    double rest = draws.nextDouble() * Arrays.stream(shares).sum();
    int last = 0;
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0) {
        last = i;
        rest -= shares[i];
        if (rest < 0) {
          return i;
        }
      }
    }
    return last;
  }

  /** Name, characters and different characters in a line. */
  @Override
  public String toString() {
    return "%s: %d characters, %d different ones. %s"
        .formatted(name, length(), vocabulary(), description);
  }
}
