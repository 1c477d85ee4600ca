package dev.wayleave.net;

import java.util.Optional;

/** Finds the words for a text that {@link AddressParser} refused. */
final class AddressDiagnosis {

    private AddressDiagnosis() {}

    static AddressFormatException ofAddress(String text) {
        return new AddressFormatException("an address", text, "it is malformed", Optional.empty());
    }

    static AddressFormatException ofPrefix(String text) {
        return new AddressFormatException("a prefix", text, "it is malformed", Optional.empty());
    }
}
