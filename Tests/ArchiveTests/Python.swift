import Platform
import Testing

/// What Python's zlib and zipfile make: the other side of what is tested here.
enum Python {
    /// What a script writes to `out`, a list of byte strings.
    static func pieces(_ script: String) throws -> [[UInt8]] {
        let frame = """
            import io, random, struct, sys, zipfile, zlib
            out = []
            \(script)
            for piece in out: sys.stdout.buffer.write(struct.pack("<I", len(piece)) + piece)
            """
        let run = try Command("python3", ["-c", frame]).collect()
        try #require(run.outcome.ending == .exited(0), "\(run.outcome.errors)")
        var pieces: [[UInt8]] = []
        var place = 0
        while place < run.output.count {
            let size = (0..<4).reduce(0) { $0 | Int(run.output[place + $1]) << (8 * $1) }
            pieces.append(Array(run.output[(place + 4)..<(place + 4 + size)]))
            place += 4 + size
        }
        return pieces
    }

    /// The archive that a script writes into `archive`.
    static func archive(_ script: String) throws -> [UInt8] {
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

/// The same numbers in each run (SplitMix64), so that a failure can be repeated.
struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
