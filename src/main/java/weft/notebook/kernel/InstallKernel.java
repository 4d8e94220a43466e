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
    var gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    Files.writeString(folder.resolve("kernel.json"), gson.toJson(spec()) + "\n");
    copyLogo(folder, "logo-32x32.png");
    copyLogo(folder, "logo-64x64.png");
    System.out.println("kernel \"java\" written to " + folder);
  }

  private static Map<String, Object> spec() throws URISyntaxException {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("argv", command());
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
    command.add("{connection_file}");
    return command;
  }

  static final List<String> OPTIONS =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-Xshare:auto",
          "-Djava.awt.headless=true",
          "-Dfile.encoding=UTF-8");

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
