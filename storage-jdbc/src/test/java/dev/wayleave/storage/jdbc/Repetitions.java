package dev.wayleave.storage.jdbc;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** How often the tests of faults do what they do: ten times, and longer, under {@code -Pslow}. */
final class Repetitions implements TestTemplateInvocationContextProvider {

    static final boolean SLOW = Boolean.getBoolean("wayleave.slow");
    static final int COUNT = SLOW ? 10 : 1;

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        return IntStream.range(0, COUNT).mapToObj(i -> new TestTemplateInvocationContext() {});
    }
}
