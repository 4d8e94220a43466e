package weft.notebook.kernel;

import eu.maveniverse.maven.mima.context.Context;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.WorkspaceReader;
import org.eclipse.aether.repository.WorkspaceRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The dependencies of a POM file, with parents, properties and imported versions applied: the file
 * is offered to Maven's resolver as if it lay in a repository.
 */
final class PomReader {
  /** What a POM asks for. */
  record Model(
      List<Dependency> dependencies,
      List<Dependency> managed,
      List<RemoteRepository> repositories) {}

  private PomReader() {}

  static Model read(Context context, Path pom) throws Exception {
    Artifact itself = coordinates(pom);
    var session = new DefaultRepositorySystemSession(context.repositorySystemSession());
    session.setWorkspaceReader(new OneFile(itself, pom.toFile()));
    try {
      var descriptor =
          context
              .repositorySystem()
              .readArtifactDescriptor(
                  session,
                  new ArtifactDescriptorRequest(itself, context.remoteRepositories(), null));
      return new Model(
          descriptor.getDependencies(),
          descriptor.getManagedDependencies(),
          descriptor.getRepositories());
    } catch (ArtifactDescriptorException unreadable) {
      Throwable cause = unreadable.getCause() == null ? unreadable : unreadable.getCause();
      throw new IllegalArgumentException("the POM cannot be used: " + cause.getMessage(), cause);
    }
  }

  private static Artifact coordinates(Path pom) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Element project = factory.newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
    return new DefaultArtifact(
        text(project, "groupId", "notebook"),
        text(project, "artifactId", "cell"),
        "pom",
        text(project, "version", "1"));
  }

  private static String text(Element project, String name, String otherwise) {
    Element parent = child(project, "parent");
    Element own = child(project, name);
    if (own == null && parent != null && !name.equals("artifactId")) {
      own = child(parent, name);
    }
    return own == null ? otherwise : own.getTextContent().strip();
  }

  private static @Nullable Element child(Element of, String name) {
    for (Node node = of.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        return element;
      }
    }
    return null;
  }

  private record OneFile(Artifact artifact, File file) implements WorkspaceReader {
    @Override
    public WorkspaceRepository getRepository() {
      return new WorkspaceRepository("notebook");
    }

    @Override
    public @Nullable File findArtifact(Artifact asked) {
      boolean same =
          asked.getGroupId().equals(artifact.getGroupId())
              && asked.getArtifactId().equals(artifact.getArtifactId())
              && asked.getVersion().equals(artifact.getVersion())
              && asked.getExtension().equals("pom");
      return same ? file : null;
    }

    @Override
    public List<String> findVersions(Artifact asked) {
      return List.of();
    }
  }
}
