/// One login: what its access and refresh tokens belong to, and what ends them.
public struct Session: Identified, Sendable {
    public typealias ID = Identifier<Session>
    public static let idPrefix: StaticString = "ses_"
}
