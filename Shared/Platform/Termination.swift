import CPlatform

/// SIGTERM for a function with long work: it only sets a flag, and the process ends once the work is finished.
public enum Termination {
    /// From now on, SIGTERM does not end the process.
    public static func hold() { platform_hold_termination() }
    /// SIGTERM ends the process at once again. The flag stays set.
    public static func release() { platform_release_termination() }
    /// Whether SIGTERM arrived while it was held.
    public static var isWanted: Bool { platform_is_terminated() != 0 }
}
