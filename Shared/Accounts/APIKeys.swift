import Crypto
import Models
import Storage
import Wire

/// Makes API keys: `nxl_` and 256 random bits. Only the hash is stored, so a key cannot be shown again.
public enum APIKeys {
    static let marker = "nxl_"
    private static let prefixLength = 10

    /// Makes a key. Throws `.conflict` if the account already has `maximum` keys.
    public static func make(
        name: String, scope: APIKey.Scope, expiresAt: Timestamp?, for user: User.ID, atMost maximum: Int,
        in store: Store, at now: Timestamp
    ) throws -> NewAPIKey {
        let key = marker + Base64.encodeURLSafe(secureRandomBytes(32))
        let description = APIKey(
            id: .new(at: now), name: name, prefix: String(key.prefix(prefixLength)), scope: scope, expiresAt: expiresAt,
            lastUsedAt: nil, createdAt: now)
        try store.apiKeys.add(description, hash: SHA256.hash(key.utf8), for: user, atMost: maximum)
        return NewAPIKey(description: description, key: key)
    }
}
