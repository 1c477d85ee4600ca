package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the key of an API in a file or in the environment; never in an argument, which other users see. */
public final class ApiKey {

    /** The variable of the environment that Headscale's own tool reads. */
    public static final String OF_HEADSCALE = "HEADSCALE_CLI_API_KEY";

    /** The variable of the environment that Tailscale's own tools read. */
    public static final String OF_TAILSCALE = "TAILSCALE_API_KEY";

    private static final int LONGEST = 4_096;

    private ApiKey() {}

    /**
     * Finds a key.
     *
     * @param file the file with the key; null for the environment
     * @param variable the variable of the environment
     * @param environment the environment
     */
    public static String find(@Nullable Path file, String variable, Map<String, String> environment) {
        String key = file != null
                ? SourceText.read(file).text().strip()
                : environment.getOrDefault(variable, "").strip();
        if (key.isEmpty()) {
            throw new BadInput(
                    file != null
                            ? "the file `" + file + "` holds no key"
                            : "there is no key: put it into the environment as " + variable
                                    + ", or name a file that holds it by --key-file");
        }
        if (!isOne(key)) {
            throw new BadInput((file == null ? variable : "the file `" + file + "`")
                    + " holds no key: a key is one line of letters, digits and signs");
        }
        return key;
    }

    /** Whether a text can be a key, and a header that holds it is one header. */
    static boolean isOne(String text) {
        return !text.isEmpty() && text.length() <= LONGEST && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
