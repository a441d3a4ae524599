import Platform
import Testing

/// Scripts that make files for tests.
enum Python {
    static func output(_ script: String, input: [UInt8] = []) throws -> [UInt8] {
        let run = try Command("python3", ["-c", script], input: .bytes(input)).collect()
        try #require(run.outcome.ending == .exited(0), "\(run.outcome.errors)")
        return run.output
    }
}
