import Foundation

/// A streamed answer, event by event.
struct StreamedEvents {
    let status: Int?
    let all: [(name: String, data: [String: Any])]

    init(_ lines: [Answer]) {
        status = lines.first?.status
        let text = lines.compactMap { $0.line["chunk"] as? String }.joined()
        all = text.components(separatedBy: "\n\n").compactMap { event in
            let parts = event.split(separator: "\n", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            let data = try? JSONSerialization.jsonObject(with: Data(parts[1].dropFirst(6).utf8)) as? [String: Any]
            return (String(parts[0].dropFirst(7)), data ?? [:])
        }
    }

    var names: [String] { all.map(\.name) }
    var said: String { all.compactMap { $0.name == "delta" ? $0.data["content"] as? String : nil }.joined() }
    subscript(name: String) -> [String: Any]? { all.first { $0.name == name }?.data }
}
