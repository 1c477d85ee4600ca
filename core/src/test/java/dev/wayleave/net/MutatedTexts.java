package dev.wayleave.net;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Texts that are nearly addresses, prefixes, ranges or names: good ones, damaged once or a few times. */
final class MutatedTexts {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");

    private static final String ALPHABET =
            "0123456789abcdefABCDEF....::::////--%[]*+_ \t\n,xgGvi\0\u00a0\u0661\uff11\u00e9\ud83d`";

    private static final List<String> PIECES = List.of(
            "::",
            ":",
            "0",
            "00",
            "1",
            "255",
            "256",
            "ffff",
            "10000",
            "/0",
            "/00",
            "/32",
            "/33",
            "/128",
            "/129",
            "/08",
            "::ffff:",
            "1.2.3.4",
            ".0",
            "0.0.0.0",
            "/255.255.0.0",
            "%eth0",
            ":80",
            "-",
            "via",
            "ts.net",
            "*",
            "0x");

    private static final List<String> GOOD = List.of(
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/8",
            "192.168.1.0/24",
            "255.255.255.255/32",
            "100.64.0.0/10",
            "10.0.0.1/8",
            "::1/128",
            "fd7a:115c:a1e0::/48",
            "fd7a:115c:a1e0:b1a:0:7:a01:100/120",
            "2001:db8::1:0:0:1/128",
            "2001:0DB8:0000:0000:0001:0000:0000:0001/128",
            "::ffff:1.2.3.4/128",
            "1:2:3:4:5:6:7::/112",
            "1:2:3:4:5:6:1.2.3.4/128",
            "::2:3:4:5:6:7:8/128",
            "10.0.0.1",
            "::",
            "::1",
            "fe80::1",
            "1:2:3:4:5:6:7:8",
            "10.0.0.1-10.0.0.9",
            "fd00::1-fd00::ffff",
            "10-1-1-16-via-7",
            "10-1-1-16-via-0x7.tail1.ts.net");

    private MutatedTexts() {}

    /** The same texts in every run; {@code -Dwayleave.slow=true} makes twenty times as many. */
    static void forEach(int count, Consumer<String> check) {
        Random random = new Random(20261121);
        for (int i = 0; i < (SLOW ? 20 * count : count); i++) {
            String text = GOOD.get(random.nextInt(GOOD.size()));
            for (int damages = random.nextInt(4); damages > 0; damages--) {
                text = damaged(text, random);
            }
            check.accept(text);
        }
    }

    private static String damaged(String text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + 1 + random.nextInt(3));
        String head = text.substring(0, at);
        return switch (random.nextInt(8)) {
            case 0 -> head;
            case 1 -> head + text.substring(end);
            case 2 -> head + text.substring(at, end) + text.substring(at);
            case 3 -> head + new StringBuilder(text.substring(at, end)).reverse() + text.substring(end);
            case 4 ->
                head + PIECES.get(random.nextInt(PIECES.size())) + text.substring(random.nextBoolean() ? at : end);
            case 5 -> head + GOOD.get(random.nextInt(GOOD.size())).substring(random.nextInt(3));
            default ->
                head
                        + ALPHABET.charAt(random.nextInt(ALPHABET.length()))
                        + text.substring(random.nextBoolean() ? at : end);
        };
    }
}
