/// One login. Its access and refresh tokens belong to it and end with it.
public struct Session: Identified, Sendable {
    public typealias ID = Identifier<Session>
    public static let idPrefix: StaticString = "ses_"
}
