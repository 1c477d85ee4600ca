import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * Checks the files of a directory that `deploy` filled: what Maven Central asks of each artifact, but signatures and
 * a version that is not a snapshot, which only a release has. Prints each fault; ends with 1 if there is any.
 */
final class CheckBundle {

    private static final XPath XPATH = XPathFactory.newInstance().newXPath();

    /** What each POM must have, by itself: published POMs have no parent. */
    private static final List<String> REQUIRED = List.of(
            "groupId",
            "artifactId",
            "version",
            "name",
            "description",
            "url",
            "licenses/license/name",
            "licenses/license/url",
            "developers/developer/name",
            "developers/developer/url",
            "scm/connection",
            "scm/url");

    public static void main(String... arguments) throws Exception {
        List<Path> poms;
        try (Stream<Path> files = Files.walk(Path.of(arguments[0]))) {
            poms = files.filter(file -> file.toString().endsWith(".pom")).sorted().toList();
        }
        List<String> faults = new ArrayList<>();
        if (poms.isEmpty()) {
            faults.add(arguments[0] + " has no POM");
        }
        for (Path pom : poms) {
            check(pom, faults);
        }
        checkBillOfMaterials(poms, faults);
        faults.forEach(System.out::println);
        System.out.println(poms.size() + " artifacts, " + faults.size() + " faults");
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    private static void check(Path pom, List<String> faults) throws Exception {
        Document document = parse(pom);
        for (String element : REQUIRED) {
            if (text(document, element).isBlank()) {
                faults.add(pom.getFileName() + ": `" + element + "` is missing");
            }
        }
        if (!text(document, "parent").isBlank()) {
            faults.add(pom.getFileName() + ": has a parent, whose versions would become those of its users");
        }
        String versionless = "dependencies/dependency[not(version)]/artifactId";
        if (!text(document, versionless).isBlank()) {
            faults.add(pom.getFileName() + ": the dependency `" + text(document, versionless) + "` has no version");
        }
        String foreign = "dependencyManagement/dependencies/dependency[groupId!='dev.wayleave']/artifactId";
        if (text(document, "artifactId").endsWith("-bom") && !text(document, foreign).isBlank()) {
            faults.add(pom.getFileName() + ": manages `" + text(document, foreign) + "`, which is not ours");
        }
        List<String> files = new ArrayList<>(List.of(".pom"));
        if (!text(document, "packaging").equals("pom")) {
            files.addAll(List.of(".jar", "-sources.jar", "-javadoc.jar"));
            if (Files.exists(beside(pom, "-tests.jar"))) {
                files.addAll(List.of("-tests.jar", "-test-sources.jar", "-test-javadoc.jar"));
            }
        }
        for (String file : files) {
            for (String checksum : List.of("", ".md5", ".sha1")) {
                Path expected = beside(pom, file + checksum);
                if (!Files.exists(expected) || Files.size(expected) == 0) {
                    faults.add(pom.getFileName() + ": `" + expected.getFileName() + "` is missing");
                }
            }
        }
    }

    /** Every artifact that has a jar is in the bill of materials, with the same version. */
    private static void checkBillOfMaterials(List<Path> poms, List<String> faults) throws Exception {
        List<String> listed = new ArrayList<>();
        for (Path pom : poms) {
            Document document = parse(pom);
            if (!text(document, "artifactId").endsWith("-bom")) {
                continue;
            }
            NodeList entries = (NodeList) XPATH.evaluate(
                    "/project/dependencyManagement/dependencies/dependency", document, XPathConstants.NODESET);
            for (int i = 0; i < entries.getLength(); i++) {
                String version = XPATH.evaluate("version", entries.item(i))
                        .replace("${project.version}", text(document, "version"));
                String type = XPATH.evaluate("type", entries.item(i));
                listed.add(XPATH.evaluate("artifactId", entries.item(i)) + ":" + version
                        + (type.isEmpty() ? "" : ":" + type));
            }
        }
        for (Path pom : poms) {
            Document document = parse(pom);
            if (text(document, "packaging").equals("pom")) {
                continue;
            }
            String artifact = text(document, "artifactId") + ":" + text(document, "version");
            List<String> expected = new ArrayList<>(List.of(artifact));
            if (Files.exists(beside(pom, "-tests.jar"))) {
                expected.add(artifact + ":test-jar");
            }
            expected.removeAll(listed);
            expected.forEach(each -> faults.add("the bill of materials lacks `" + each + "`"));
        }
    }

    private static Document parse(Path pom) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
    }

    private static Path beside(Path pom, String suffix) {
        String name = pom.getFileName().toString();
        return pom.resolveSibling(name.substring(0, name.length() - ".pom".length()) + suffix);
    }

    private static String text(Document document, String element) throws Exception {
        return XPATH.evaluate("/project/" + element, document).strip();
    }
}
