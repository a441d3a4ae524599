import Testing
import Wire

@testable import Gateway

struct RouteTableTests {
    /// What a lookup finds: `a` or `a x y` for a target with the values of its parameters, `-` for nothing, or the methods.
    private func find(_ method: String, _ path: String) -> String {
        var table = RouteTable<String>(basePath: "/api")
        for (method, path, target) in [
            ("GET", "/users", "list"), ("POST", "/users", "create"), ("GET", "/users/{userId}", "get"),
            ("GET", "/users/me", "me"), ("GET", "/users/{userId}/keys/{keyId}", "key"), ("DELETE", "/only", "delete"),
        ] {
            let isNew = table.add(method, path, target)
            #expect(isNew)
        }
        let isAgain = table.add("GET", "/users/{other}", "again")
        #expect(!isAgain, "the same method and path")
        return Array(method.utf8).withUnsafeBufferPointer { method in
            Array(path.utf8).withUnsafeBufferPointer { path in
                switch table.find(method, path) {
                case .found(let match): ([match.target] + match.values.map(\.text)).joined(separator: " ")
                case .otherMethods(let methods): methods
                case .notFound: "-"
                }
            }
        }
    }

    @Test(arguments: [
        ("GET", "/api/users", "list"), ("GET", "/api/users/", "list"), ("POST", "/api/users", "create"),
        ("HEAD", "/api/users", "list"), ("GET", "/api/%75sers", "list"), ("GET", "/api/users/7", "get 7"),
        ("GET", "/api/users/me", "me"), ("GET", "/api/users/m%65", "me"), ("GET", "/api/users/a%2Fb", "get a%2Fb"),
        ("GET", "/api/users/me/keys/k", "key me k"), ("GET", "/api/users/me/keys", "-"), ("GET", "/api/users//", "-"),
        ("GET", "/users", "-"), ("GET", "/apiusers", "-"), ("GET", "/api", "-"), ("GET", "/api/", "-"),
        ("DELETE", "/api/users", "GET, POST, HEAD, OPTIONS"), ("GET", "/api/only", "DELETE, OPTIONS"),
        ("get", "/api/users", "GET, POST, HEAD, OPTIONS"),
    ]) func targetsAreFoundByMethodAndPath(_ method: String, _ path: String, _ expected: String) {
        #expect(find(method, path) == expected)
    }
}
