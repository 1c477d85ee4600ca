package dev.wayleave.storage;

import dev.wayleave.net.WayleaveException;

/** A call that needs a tailnet loaded. One of the two methods is called, once, under no lock. */
interface TailnetVisit {

    /**
     * The tailnet is loaded, and stays so until this returns, or until the caller lets it go.
     *
     * @return whether the caller goes on to use the tailnet, and lets it go later
     */
    boolean loaded(TailnetSlot slot, RouteController controller);

    /** The tailnet cannot be loaded now. */
    void refused(WayleaveException cause);
}
