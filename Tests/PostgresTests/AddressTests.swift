import Testing

@testable import Postgres

/// What URLs mean, and which are refused.
struct AddressTests {
    private func address(
        _ url: String, _ environment: [String: String] = [:]
    ) throws -> PostgresAddress { try PostgresAddress(url) { environment[$0] } }

    @Test func allPartsAreRead() throws {
        let found = try address(
            "postgres://me:p%40ss%3A%2F@db.example.com:6543/my%20data?connect_timeout=7&prepared=no")
        #expect(found.host == "db.example.com")
        #expect(found.port == 6543)
        #expect(found.user == "me")
        #expect(found.database == "my data")
        #expect(found.connectTimeout == 7000)
        #expect(!found.usesNamedStatements)
        #expect(try found.passwordToSend() == "p@ss:/")
        #expect(found.description == "my data at db.example.com:6543")
    }

    @Test func whatIsMissingHasDefaults() throws {
        let found = try address("postgresql://me@")
        #expect(found.host == "localhost")
        #expect(found.port == 5432)
        #expect(found.database == "me")
        #expect(found.usesNamedStatements)
        #expect(found.connectTimeout == nil)
        #expect(!found.isUnixSocket)
    }

    @Test(arguments: [
        "postgres://me@/data?host=/var/run/postgresql", "postgres://me@%2Fvar%2Frun%2Fpostgresql/data",
        "postgres:///?user=me&dbname=data&host=%2fvar%2Frun%2Fpostgresql&sslmode=disable",
    ])
    func aFolderIsThatOfASocket(url: String) throws {
        let found = try address(url)
        #expect(found.isUnixSocket)
        #expect(found.socketPath == "/var/run/postgresql/.s.PGSQL.5432")
        #expect(found.user == "me")
        #expect(found.database == "data")
    }

    @Test func addressesOfIPv6HaveBrackets() throws {
        let found = try address("postgres://me@[::1]:7000/data")
        #expect(found.host == "::1")
        #expect(found.port == 7000)
        #expect(try address("postgres://me@[fe80::2]/data").port == 5432)
    }

    @Test func theNameOfTheApplicationIsAcceptedAndOtherNamesOfPreparedToo() throws {
        #expect(
            !(try address("postgres://me@h/d?pgbouncer=true&application_name=a&channel_binding=prefer"))
                .usesNamedStatements)
        for mode in ["disable", "allow", "prefer"] { _ = try address("postgres://me@h/d?sslmode=\(mode)") }
    }

    @Test(arguments: [
        "sslmode=require", "sslmode=verify-ca", "sslmode=verify-full", "sslrootcert=system", "channel_binding=require",
    ])
    func encryptionIsRefusedWithAWayOut(option: String) throws {
        let name = option.starts(with: "sslrootcert") ? "sslrootcert" : option
        for host in ["h", "localhost"] {
            #expect {
                try address("postgres://me:secret@\(host)/d?\(option)")
            } throws: { error in
                ["NEXLAYER_TLS=openssl make build", "PgBouncer", "stunnel", name].allSatisfy("\(error)".contains)
            }
        }
    }

    @Test func aSocketInAFolderNeedsNoEncryption() throws {
        for mode in ["prefer", "require", "verify-full&sslrootcert=system"] {
            #expect(try address("postgres://me@/d?host=/run&sslmode=\(mode)").sslMode == .disable)
        }
    }

    @Test(arguments: [
        "mysql://me@h/d", "postgres://h/d", "postgres://me@h:0/d", "postgres://me@h:65536/d", "postgres://me@h:x/d",
        "postgres://me@h:+1/d", "postgres://me@[::1/d", "postgres://me@[db]/d", "postgres://me@[::1]x/d",
        "postgres://me@a,b/d", "postgres://me@h/d?host=a,b", "postgres://me:se%cret@h/d", "postgres://me:secret%@h/d",
        "postgres://me:secret%2@h/d", "postgres://me@h/d?sslmod=require", "postgres://me@h/d?sslmode=on",
        "postgres://me@h/d?prepared=maybe", "postgres://me@h/d?connect_timeout=-1", "postgres://me@h/d#secret",
        "postgres://me@h/d?connect_timeout=99999999999999999999", "postgres://me%00@h/d", "postgres://me:%FF@h/d",
        "postgres://me@/d?host=/run&channel_binding=require", "postgres://me@h/d?client_encoding=latin1",
        "postgres://me@h/d?options=-c%20x", "", "postgres://", "postgres:",
    ])
    func otherURLsAreRefusedWithoutTellingThePassword(url: String) {
        #expect {
            try address(url)
        } throws: { error in
            (error as? PostgresError)?.kind == .configuration && !"\(error)".contains("secret")
        }
    }

    @Test func theVariableHasThePasswordUnlessTheURLHas() throws {
        let variables = ["PGPASSWORD": "from the variable"]
        #expect(try address("postgres://me@h/d", variables).passwordToSend() == "from the variable")
        #expect(try address("postgres://me:url@h/d", variables).passwordToSend() == "url")
        #expect(try address("postgres://me@h/d?password=option", variables).passwordToSend() == "option")
    }

    @Test func withoutAPasswordTheMessageSaysWhereToPutIt() {
        #expect {
            try address("postgres://me@h/d", ["PGPASSFILE": "/nonexistent/file"]).passwordToSend()
        } throws: {
            "\($0)".contains("PGPASSFILE")
        }
    }
}
