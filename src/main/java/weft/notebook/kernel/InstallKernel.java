package weft.notebook.kernel;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes a kernelspec: {@code InstallKernel <folder>} makes {@code <folder>/kernels/java}. Jupyter
 * finds it with {@code JUPYTER_PATH=<folder>}.
 */
public final class InstallKernel {
  private InstallKernel() {}

  /** Writes the kernelspec and says where. */
  public static void main(String[] arguments) throws IOException, URISyntaxException {
    if (arguments.length != 1) {
      System.err.println("usage: weft.notebook.kernel.InstallKernel <folder>");
      System.exit(2);
    }
    Path folder = Path.of(arguments[0], "kernels", "java");
    Files.createDirectories(folder);
    Path archive = folder.resolve("classes.jsa").toAbsolutePath();
    boolean archived = archive(archive);
    var gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    Files.writeString(
        folder.resolve("kernel.json"), gson.toJson(spec(archived ? archive : null)) + "\n");
    copyLogo(folder, "logo-32x32.png");
    copyLogo(folder, "logo-64x64.png");
    System.out.println("kernel \"java\" written to " + folder);
  }

  private static Map<String, Object> spec(@Nullable Path archive) throws URISyntaxException {
    var spec = new LinkedHashMap<String, Object>();
    var command = command();
    if (archive != null) {
      command.add(1, "-XX:SharedArchiveFile=" + archive);
    }
    command.add("{connection_file}");
    spec.put("argv", command);
    spec.put("display_name", "Java (Weft)");
    spec.put("language", "java");
    spec.put("interrupt_mode", "message");
    spec.put("metadata", Map.of("debugger", false));
    return spec;
  }

  /** The command line of a kernel: this Java, these jars, and options every JDK from 17 takes. */
  static List<String> command() throws URISyntaxException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.add("-cp");
    command.add(classpath());
    command.add(WeftKernel.class.getName());
    return command;
  }

  static final List<String> OPTIONS =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-Xshare:auto",
          "-Xlog:disable", // an archive that does not fit is no news to a reader
          "-Djava.awt.headless=true",
          "-Dfile.encoding=UTF-8");

  /**
   * Keeps the classes a first cell needs in a form the JVM maps into memory, which halves the time
   * to it. Without the archive, or with other jars, the kernel starts all the same.
   */
  private static boolean archive(Path archive) throws IOException, URISyntaxException {
    var command = command();
    command.add(1, "-XX:ArchiveClassesAtExit=" + archive);
    command.add(WeftKernel.REHEARSE);
    Process rehearsal =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!rehearsal.waitFor(60, TimeUnit.SECONDS)) {
        rehearsal.destroyForcibly();
      }
    } catch (InterruptedException stop) {
      rehearsal.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    return Files.exists(archive);
  }

  private static String classpath() throws URISyntaxException {
    Path code =
        Path.of(InstallKernel.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path lib = code.resolveSibling("lib");
    return Files.isRegularFile(code) && Files.isDirectory(lib)
        ? code + java.io.File.pathSeparator + lib.resolve("*")
        : System.getProperty("java.class.path");
  }

  private static void copyLogo(Path folder, String name) throws IOException {
    try (InputStream logo = InstallKernel.class.getResourceAsStream("/weft/notebook/" + name)) {
      if (logo != null) {
        Files.write(folder.resolve(name), logo.readAllBytes());
      }
    }
  }
}
