/** A program that an image of jlink runs. */
module outside {
    requires dev.wayleave.storage.inmemory;
}
