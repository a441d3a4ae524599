import Endpoint
import HTTP
import Models
import Storage
import Wire

/// Returns the uploaded bytes.
@main struct GetDocumentContent: Function {
    static let route = Route.get(
        "/workspaces/{workspaceId}/documents/{documentId}/content", tag: "Documents", summary: "Download a document"
    ).timeout(seconds: 120)
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let documentId: Document.ID
        let range: String?
        let rangeCondition: String?

        init(from fields: inout Fields) {
            documentId = fields.path("documentId", .id(Document.self), named: "Document")
            range = fields.header("Range", "Part of the document: `bytes=0-1023`.")
            rangeCondition = fields.header("If-Range", "The entity tag for which `Range` counts.")
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Download {
        let document = try call.store.documents.get(input.documentId, in: member.workspaceId)
        // A client with a current copy gets a 304, whatever range it asks for.
        if call.hasCurrent(tag: Download.tag(of: document)) {
            return Download(document: document, range: nil, content: .none)
        }
        let isCurrent = input.rangeCondition.map { $0 == Download.tag(of: document) } ?? true
        let range = try Self.range(isCurrent ? input.range : nil, of: document)
        let bytes = range ?? 0..<document.size
        let url = try call.store.outsideSnapshot {
            try call.store.blobs.url(of: document.sha256, for: Download.headers(of: document), bytes: bytes.count)
        }
        if let url { return Download(document: document, range: range, content: .none, url: url) }
        let blobs = try call.store.blobs
        guard bytes.count > longestWhole else {
            let whole = try read(document, in: call) { try blobs.read(document.sha256, range: range) }
            return Download(document: document, range: range, content: .binary(whole))
        }
        let next = blobs.parts(of: document.sha256, range: bytes)
        return Download(
            document: document, range: range,
            content: .parts(length: bytes.count) { try read(document, in: call) { try next() } })
    }

    /// More bytes are read while they are sent. Fewer are read at once, so that a client that is slow to take them does not
    /// keep the process.
    private static let longestWhole = 8 << 20

    private static func range(_ header: String?, of document: Document) throws -> Range<Int>? {
        do {
            return try ByteRange.parse(header, size: document.size)
        } catch {
            throw APIError(
                .rangeNotSatisfiable, "The range is outside of the \(error.size) bytes",
                headers: [("content-range", error.contentRange)])
        }
    }

    private static func read<T>(_ document: Document, in call: Call, _ bytes: () throws -> T) throws -> T {
        let store = try call.store
        // Files are not part of a snapshot.
        return try store.outsideSnapshot {
            do {
                return try bytes()
            } catch {
                // The document may have been deleted since it was found.
                _ = try store.documents.get(document.id, in: document.workspaceId)
                throw error
            }
        }
    }
}

/// A document's bytes, always as an attachment and with content sniffing disabled: an uploaded page must not run in our
/// origin.
struct Download: Reply {
    let document: Document
    /// Nil for the whole document.
    let range: Range<Int>?
    let content: Response.Body
    /// Where the bytes are instead.
    var url: String?

    static func tag(of document: Document) -> String { "\"\(document.sha256)\"" }

    static var descriptions: [Operation.ResponseDescription] {
        [
            Operation.ResponseDescription(
                status: 200, description: "The uploaded bytes", contentType: "*/*",
                schema: ["type": "string", "format": "binary"]
            ).tagged,
            Operation.ResponseDescription(
                status: 206, description: "The part that `Range` asked for", contentType: "*/*",
                schema: ["type": "string", "format": "binary"]),
            Operation.ResponseDescription(
                status: 307,
                description:
                    "The bytes are at `Location` for some minutes. Repeat the request there, with `Range` but without credentials."
            ),
        ]
    }

    static func headers(of document: Document) -> DownloadHeaders {
        let name = FileName.clean(document.name)
        let plain = String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "\\" ? $0 : "_" }))
        return DownloadHeaders(
            type: document.mimeType,
            disposition: "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(PercentEncoding.encode(name))")
    }

    func response() -> Response {
        if let url {
            return Response(
                status: 307, headers: [("location", url), ("cache-control", "no-store")],
                body: .none)
        }
        let headers = Self.headers(of: document)
        let part = range.map {
            [("content-range", "bytes \($0.lowerBound)-\($0.upperBound - 1)/\(document.size)")]
        }
        return Response(
            status: range == nil ? 200 : 206,
            headers: [
                ("content-type", headers.type),
                ("content-length", String(range?.count ?? document.size)),
                ("content-disposition", headers.disposition),
                ("etag", Self.tag(of: document)),
                ("accept-ranges", "bytes"),
                ("x-content-type-options", "nosniff"),
            ] + (part ?? []),
            body: content)
    }
}
