package weft.notebook.kernel;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.util.filter.DependencyFilterUtils;

/**
 * Jars by coordinates, with what they depend on, found as the Maven command line finds them:
 * through the user's {@code settings.xml}, its mirrors, and the local repository.
 */
final class MavenResolver {
  private MavenResolver() {}

  /** Jars of {@code group:artifact[:type[:classifier]]:version} and of their dependencies. */
  static List<Path> resolve(List<String> coordinates, Map<String, String> repositories)
      throws Exception {
    var wanted = new ArrayList<Dependency>();
    for (String each : coordinates) {
      wanted.add(new Dependency(artifact(each), "runtime"));
    }
    try (Context context = context()) {
      return resolve(context, new CollectRequest().setDependencies(wanted), repositories);
    }
  }

  private static DefaultArtifact artifact(String coordinates) {
    try {
      return new DefaultArtifact(coordinates);
    } catch (IllegalArgumentException badForm) {
      throw new IllegalArgumentException(
          coordinates + " is not of the form group:artifact:version", badForm);
    }
  }

  /** Jars of the dependencies a POM file names. */
  static List<Path> dependencies(Path pom, Map<String, String> repositories) throws Exception {
    try (Context context = context()) {
      var model = PomReader.read(context, pom);
      var request = new CollectRequest().setDependencies(model.dependencies());
      request.setManagedDependencies(model.managed());
      model.repositories().forEach(request::addRepository);
      return resolve(context, request, repositories);
    }
  }

  private static Context context() {
    var overrides = ContextOverrides.create().withUserSettings(true).build();
    return Runtimes.INSTANCE.getRuntime().create(overrides);
  }

  private static List<Path> resolve(
      Context context, CollectRequest request, Map<String, String> repositories)
      throws DependencyResolutionException {
    var remote = new ArrayList<>(request.getRepositories());
    repositories.forEach(
        (name, url) -> remote.add(new RemoteRepository.Builder(name, "default", url).build()));
    var system = context.repositorySystem();
    var session = context.repositorySystemSession();
    var all = new ArrayList<>(context.remoteRepositories());
    all.addAll(system.newResolutionRepositories(session, remote));
    request.setRepositories(all);
    var filter = DependencyFilterUtils.classpathFilter("runtime");
    return system
        .resolveDependencies(session, new DependencyRequest(request, filter))
        .getArtifactResults()
        .stream()
        .map(ArtifactResult::getArtifact)
        .map(found -> found.getFile().toPath())
        .toList();
  }
}
