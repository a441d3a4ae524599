import Endpoint
import Extraction
import Ingestion
import Language
import Models
import Wire

/// Uploads files into a workspace. They can be found as soon as the response arrives; only a duplicate of a file that
/// another request is still reading is `processing`.
///
/// Several files succeed or fail independently, and the response names those that cannot be read. If no file can be
/// read, the response is an error.
@main struct UploadDocument: Function {
    static let route = Route.post(
        "/workspaces/{workspaceId}/documents", tag: "Documents", summary: "Upload documents"
    ).accepting(.upload).timeout(seconds: 120).rateLimited(as: .upload).idempotent(.claim)
    static let access = Access.member(.editor)

    struct Input: FunctionInput {
        let files: [UploadedFile]
        let uploadId: Upload.ID?
        let name: String?
        let metadata: JSONObject
        let charset: TextEncoding?
        let language: TextLanguage?

        init(from fields: inout Fields) {
            files = fields.files("file", "The document; may be repeated.")
            uploadId = fields.insteadOfFiles(
                "uploadId", .id(Upload.self), "An upload that you prepared, and whose bytes you have sent to its URL.")
            name = fields.formField(
                "name", .name(1...255, example: "handbook.md"), "Instead of the file's own name; for one file only.")
            metadata =
                fields.formField("metadata", .documentMetadata, "Key-value pairs of your own, for each file.") ?? [:]
            charset = fields.formField(
                "charset", .textEncoding,
                "How the text files are encoded. Without it, a byte order mark, what the file or its part declares, or "
                    + "detection decides. A known file that was decoded otherwise is replaced.")
            language = fields.formField(
                "language", .textLanguage,
                "The language of the text, as its ISO 639-1 code; otherwise it is detected. Words are searched by the "
                    + "rules of their language. A known file with another language is replaced.")
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Uploaded {
        if input.name != nil, input.files.count > 1 {
            throw APIError.validation("name", "name can be given for one file only")
        }
        let limit = call.configuration.maximumUpload
        if input.files.contains(where: { $0.content.count > limit }) { throw APIError.tooLarge("file", limit: limit) }
        let pdf = call.configuration.pdf
        let documents = DocumentImport(
            into: try call.store, quota: call.configuration.quota,
            pdf: PDFLimits(
                seconds: pdf.timeoutSeconds, memory: pdf.maximumMemory, places: pdf.slots,
                in: call.configuration.dataDirectory))
        let upload = try input.uploadId.map {
            try call.store.uploads.get($0, in: member.workspaceId, of: member.user.userId)
        }
        var uploaded = Uploaded(
            location: call.location("/workspaces/\(member.workspaceId)/documents"),
            fileCount: upload == nil ? input.files.count : 1)
        for index in 0..<uploaded.fileCount {
            let file = try upload.map { try Self.file(of: $0, input, in: call) } ?? Self.file(input.files[index], input)
            do {
                uploaded.outcomes.append(
                    try documents.add(
                        file, to: member.workspaceId, metadata: input.metadata, by: member.user.userId, at: call.now)
                )
            } catch let error as APIError where RefusedFile.codes.contains(error.code) {
                uploaded.refused.append(RefusedFile(index: index, name: file.name, error: error))
            }
        }
        if uploaded.outcomes.isEmpty, let error = uploaded.refusal { throw error }
        if let upload { try call.store.blobs.remove(upload) }
        uploaded.quota = try call.configuration.quota.map {
            try call.store.documents.quota($0, of: member.workspaceId, for: member.user.userId)
        }
        return uploaded
    }

    private static func file(_ part: UploadedFile, _ input: Input) -> DocumentImport.File {
        DocumentImport.File(
            name: input.name ?? FileName.clean(part.fileName ?? ""), declaredType: part.contentType,
            charset: input.charset, language: input.language, content: Array(part.content))
    }

    /// The file that the client has sent to the store of objects.
    private static func file(of upload: Upload, _ input: Input, in call: Call) throws -> DocumentImport.File {
        DocumentImport.File(
            name: input.name ?? FileName.clean(""), declaredType: nil, charset: input.charset, language: input.language,
            content: try call.store.blobs.bytes(of: upload))
    }
}

extension ValueType where Value == TextEncoding {
    /// The label of an encoding, such as `windows-1251` or `latin1`.
    fileprivate static var textEncoding: ValueType {
        ValueType<String>.text(1...40, example: "windows-1251").map(example: .utf8) { label throws(Invalid) in
            guard let encoding = TextEncoding(label: label) else {
                throw Invalid("must be an encoding, such as windows-1251")
            }
            return encoding
        }
    }
}

extension ValueType where Value == TextLanguage {
    /// The ISO 639-1 code of a known language.
    fileprivate static var textLanguage: ValueType {
        ValueType<String>.text(2...2, example: "de").map(example: .german) { code throws(Invalid) in
            guard let language = TextLanguage(rawValue: code) else {
                throw Invalid("must be the ISO 639-1 code of a known language, such as de")
            }
            return language
        }
    }
}
