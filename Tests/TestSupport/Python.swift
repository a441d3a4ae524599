import Platform
import Testing

/// Runs Python scripts that create files for tests, or read ours with independent libraries.
public enum Python {
    /// The stdout of a script.
    public static func output(_ script: String, input: [UInt8] = []) throws -> [UInt8] {
        let run = try Command("python3", ["-c", script], input: .bytes(input)).collect()
        try #require(run.outcome.ending == .exited(0), "\(run.outcome.errors)")
        return run.output
    }

    /// The byte strings that a script puts into the list `out`.
    public static func pieces(_ script: String) throws -> [[UInt8]] {
        let output = try output(
            """
            import io, random, struct, sys, zipfile, zlib
            out = []
            \(script)
            for piece in out: sys.stdout.buffer.write(struct.pack("<I", len(piece)) + piece)
            """)
        var pieces: [[UInt8]] = []
        var place = 0
        while place < output.count {
            let size = (0..<4).reduce(0) { $0 | Int(output[place + $1]) << (8 * $1) }
            pieces.append(Array(output[(place + 4)..<(place + 4 + size)]))
            place += 4 + size
        }
        return pieces
    }

    /// The ZIP file that a script writes into `archive`.
    public static func archive(_ script: String) throws -> [UInt8] {
        try #require(
            try pieces(
                """
                file = io.BytesIO()
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                \(script.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
                out.append(file.getvalue())
                """
            ).first)
    }
}

/// The same numbers in every run (SplitMix64), so that a failure can be reproduced.
public struct Random: RandomNumberGenerator {
    public var state: UInt64

    public init(state: UInt64) { self.state = state }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
