package dev.wayleave.examples.cli.text;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file's text under the name that the user gave it.
 *
 * @param name the path as it was typed
 * @param text the content, without a byte order mark
 */
public record SourceText(String name, String text) {

    private static final long LARGEST = 64L << 20;

    public static SourceText read(Path file) {
        String name = file.toString();
        try {
            if (Files.isDirectory(file)) {
                throw new BadInput("`" + name + "` is a directory: name a file in it");
            }
            if (Files.size(file) > LARGEST) {
                throw new BadInput("`" + name + "` is larger than " + (LARGEST >> 20) + " MiB");
            }
            String text = Files.readString(file);
            return new SourceText(name, text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (NoSuchFileException absent) {
            throw new BadInput("there is no file `" + name + "`");
        } catch (AccessDeniedException denied) {
            throw new BadInput("`" + name + "` cannot be read: permission denied");
        } catch (CharacterCodingException malformed) {
            throw new BadInput("`" + name + "` is not UTF-8 text");
        } catch (IOException failed) {
            throw new BadInput("`" + name + "` cannot be read: " + failed.getMessage());
        }
    }
}
