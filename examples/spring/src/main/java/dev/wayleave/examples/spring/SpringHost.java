package dev.wayleave.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the host. */
@SpringBootApplication
public class SpringHost {

    /** Runs until the process is stopped. */
    public static void main(String... arguments) {
        SpringApplication.run(SpringHost.class, arguments);
    }
}
