import Foundation
import Testing

/// A text with its token ids and its vector, which were computed in float32 from the same weights. `EMBEDDING_GOLDEN`
/// names a file with more of them than the few here.
struct Golden: Decodable {
    let prefix: String
    let text: String
    let ids: [UInt32]
    let embedding: [Float]

    static let all: [Golden] = {
        let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("golden.json")
        let path = ProcessInfo.processInfo.environment["EMBEDDING_GOLDEN"]
        let file = path.map { URL(fileURLWithPath: $0) } ?? beside
        do {
            return try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file))
        } catch {
            fatalError("\(file.path): \(error)")
        }
    }()
}

/// The model that `make build` makes, or that `EMBEDDING_MODEL_FILE` names.
enum TestModel {
    static let path =
        ProcessInfo.processInfo.environment["EMBEDDING_MODEL_FILE"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("build/models/multilingual-e5-small.bin").path
    static let exists = FileManager.default.fileExists(atPath: path)
    static let missing: Comment = "needs the model: run `make model`, or set EMBEDDING_MODEL_FILE"
}
