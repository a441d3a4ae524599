import CPlatform

/// SIGTERM for a function with long work: it is asked for, and ends the process once the work is over.
public enum Termination {
    /// From now on, SIGTERM does not end the process.
    public static func hold() { platform_hold_termination() }
    /// SIGTERM ends the process at once again. One that came before stays wanted.
    public static func release() { platform_release_termination() }
    /// Whether SIGTERM came while it was held.
    public static var isWanted: Bool { platform_is_terminated() != 0 }
}
