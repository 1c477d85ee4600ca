/**
 * What every store must keep of its promises, as tests: an adapter extends
 * {@link dev.wayleave.storage.contract.RoutingStoreContract}.
 *
 * <p>Published in the jar of {@code wayleave-storage-api} with the type {@code test-jar} (its classifier is
 * {@code tests}). It needs JUnit 5 and AssertJ, which Maven does not bring along with a test-jar.
 */
package dev.wayleave.storage.contract;
