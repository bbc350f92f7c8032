/// The certificate that `--tls` serves: PUBLIC TEST MATERIAL. Everybody has this key, so it proves
/// nothing about anybody.
///
/// It is committed rather than made at the start: BoringSSL by NIOSSL cannot make certificates, and
/// the packages that can would bring a second copy of it. The CA's key was thrown away: it has signed
/// this certificate, for the loopback only, and one of a client for the tests, and never another.
/// Valid from 2024 to 2074.
package enum TestCertificates {
    /// What a client has to trust.
    package static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBrjCCAVSgAwIBAgIBATAKBggqhkjOPQQDAjA8MTowOAYDVQQDDDFwYXliZW5j
        aCBzaW11bGF0b3IgdGVzdCBDQSAocHVibGljIGFuZCB3b3J0aGxlc3MpMCAXDTI0
        MDEwMTAwMDAwMFoYDzIwNzQwMTAxMDAwMDAwWjA8MTowOAYDVQQDDDFwYXliZW5j
        aCBzaW11bGF0b3IgdGVzdCBDQSAocHVibGljIGFuZCB3b3J0aGxlc3MpMFkwEwYH
        KoZIzj0CAQYIKoZIzj0DAQcDQgAEqDHh4nSxK/9r3H6sjhTvW8xp1uss3ozZIaeF
        ATqJiQJ1seP4VeyKyutziwBo13RjhDX/S1JmrQFxXHDj3Sd+1KNFMEMwEgYDVR0T
        AQH/BAgwBgEB/wIBADAOBgNVHQ8BAf8EBAMCAgQwHQYDVR0OBBYEFCWOdP0kiSoQ
        OXdp8/7RVdcNjkrFMAoGCCqGSM49BAMCA0gAMEUCIGvMNS0OmkOBSEDTu6hdVwP0
        OO6tR8+9KGEhCzYr0tShAiEA1GEvFn6GA+wAvXMLri9TkKFR4VjDvwiHsd76iQsL
        p+M=
        -----END CERTIFICATE-----
        """ + "\n"

    /// For localhost, 127.0.0.1 and ::1.
    static let server = """
        -----BEGIN CERTIFICATE-----
        MIIB5jCCAYygAwIBAgIBAjAKBggqhkjOPQQDAjA8MTowOAYDVQQDDDFwYXliZW5j
        aCBzaW11bGF0b3IgdGVzdCBDQSAocHVibGljIGFuZCB3b3J0aGxlc3MpMCAXDTI0
        MDEwMTAwMDAwMFoYDzIwNzQwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhv
        c3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASWDiRlU/SolvbV4KXciclXahab
        pWimhf3byoI//swXpH623187ro7+9ew7NT3ue5GkpEgzDbNq7yCKIgUan7fDo4Gk
        MIGhMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsG
        AQUFBwMBMCwGA1UdEQQlMCOCCWxvY2FsaG9zdIcEfwAAAYcQAAAAAAAAAAAAAAAA
        AAAAATAdBgNVHQ4EFgQU3ZYP9sdr+sbhfJA2tjBw5Gc1zggwHwYDVR0jBBgwFoAU
        JY50/SSJKhA5d2nz/tFV1w2OSsUwCgYIKoZIzj0EAwIDSAAwRQIhAKbsJl2BNQuo
        yqaJWfo7jvsGUd9PESN2zOaimY6lHWsKAiAWWXTZ6xWgmTITYBE6jkoIjkAzO6/b
        ucn+guiXbw07fw==
        -----END CERTIFICATE-----
        """

    static let serverKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoLU3sNjsRVxi1SUf
        RziREVWa+WhJ/MhAB2bgqDTOEQahRANCAASWDiRlU/SolvbV4KXciclXahabpWim
        hf3byoI//swXpH623187ro7+9ew7NT3ue5GkpEgzDbNq7yCKIgUan7fD
        -----END PRIVATE KEY-----
        """
}
