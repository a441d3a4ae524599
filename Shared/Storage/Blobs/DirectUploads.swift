import Crypto
import Models
import Outbound
import Wire

/// Uploads that clients send to the store of objects by themselves. Their bytes have a place of their own there: not every
/// store checks the hash that a URL demands, and nobody may replace the file of another.
extension BlobStore {
    /// Seconds after the end of a URL until its bytes are removed: an upload may have begun just before.
    private static let grace = 3600

    private func objects() throws -> ObjectBlobs {
        if let objects = place as? ObjectBlobs { return objects }
        throw APIError(.conflict, "This installation keeps no files in S3; send the file itself")
    }

    private static func key(of upload: Upload.ID) -> String { "uploads/\(upload)" }

    /// The URL to send an upload to with PUT, and what headers it needs.
    ///
    /// - Throws: `.conflict` unless files are in a store of objects.
    public func url(for upload: Upload) throws -> (url: String, headers: [(name: String, value: String)]) {
        let client = try objects().client
        let headers = [("x-amz-checksum-sha256", Base64.encode(Hex.decode(upload.sha256) ?? []))]
        let url = try client.presignedURL(
            "PUT", Self.key(of: upload.id), headers: headers + [("content-length", "\(upload.size)")],
            validFor: Upload.seconds)
        return (url, headers)
    }

    /// The bytes of an upload.
    ///
    /// - Throws: `.conflict` if they have not arrived, a validation error if they are others than announced.
    public func bytes(of upload: Upload) throws -> [UInt8] {
        let others = APIError.validation("uploadId", "uploadId has other bytes than announced; begin another upload")
        do {
            guard let found = try objects().client.find(Self.key(of: upload.id), atMost: upload.size) else {
                throw APIError(.conflict, "The bytes of the upload have not arrived; send them to its URL first")
            }
            guard found.count == upload.size, Hex.encode(SHA256.hash(found)) == upload.sha256 else { throw others }
            return found
        } catch OutboundError.tooLarge {
            throw others
        }
    }

    /// Removes an upload whose document has been made. If that fails, `removeEndedUploads` does it.
    public func remove(_ upload: Upload) {
        guard (try? objects().client.remove([Self.key(of: upload.id)])) != nil else { return }
        try? UploadStore(database: database).remove([upload.id])
    }

    /// Removes the bytes of uploads whose documents were never made.
    func removeEndedUploads(at now: Timestamp) throws {
        let uploads = UploadStore(database: database)
        while case let ended = try uploads.ended(before: now + -Self.grace), !ended.isEmpty {
            // Files may be elsewhere by now.
            if let objects = place as? ObjectBlobs { try objects.client.remove(ended.map(Self.key)) }
            try uploads.remove(ended)
        }
    }
}
